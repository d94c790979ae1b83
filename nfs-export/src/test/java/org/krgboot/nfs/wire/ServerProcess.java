package org.krgboot.nfs.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.krgboot.nfs.NfsConfig;

/** A server in another process: at ports that stay the same when it is started again. */
final class ServerProcess implements AutoCloseable {
  private final Path root;
  private final Path state;
  private Process process;
  private int nfsPort = NfsConfig.EPHEMERAL;
  private int mountPort = NfsConfig.EPHEMERAL;

  ServerProcess(Path root, Path state) throws IOException {
    this(root, state, Set.of());
  }

  ServerProcess(Path root, Path state, Set<ServerMain.Trouble> troubles) throws IOException {
    this.root = root;
    this.state = state;
    start(troubles);
  }

  void start() throws IOException {
    start(Set.of());
  }

  void start(Set<ServerMain.Trouble> troubles) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // it does not live long enough for more
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                root.toString(),
                state.toString(),
                Integer.toString(nfsPort),
                Integer.toString(mountPort)));
    troubles.forEach(trouble -> command.add(trouble.name()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(UTF_8);
    String line = out.readLine();
    while (line != null && !line.startsWith("ready ")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new AssertionError("the server did not start: what it said is above");
    }
    String[] words = line.split(" ");
    nfsPort = Integer.parseInt(words[1]);
    mountPort = Integer.parseInt(words[2]);
  }

  /** SIGKILL: no shutdown hook, no flush, nothing. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits until it ends by itself. */
  void awaitDeath() throws InterruptedException {
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      throw new AssertionError("the server lives");
    }
  }

  int nfsPort() {
    return nfsPort;
  }

  int mountPort() {
    return mountPort;
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
