package org.krgboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as users start it: its jar, in a process of its own, in a namespace. */
final class TestDaemon implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(3);

  private final Shell place;
  private final Path state;
  private final Path log;
  private final List<String> flags;
  private Process process;

  private TestDaemon(Shell place, Path state, List<String> flags) {
    this.place = place;
    this.state = state;
    this.log = state.resolveSibling(state.getFileName() + ".log");
    this.flags = flags;
  }

  /** The command that runs krgboot with these arguments. */
  static List<String> krgboot(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms32m",
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                System.getProperty("krgboot.jar")));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Starts {@code serve} with these flags beside the state directory and waits until it is ready.
   */
  static TestDaemon start(Shell place, Path state, String... flags) throws Exception {
    TestDaemon daemon = new TestDaemon(place, state, List.of(flags));
    daemon.start();
    return daemon;
  }

  void start() throws Exception {
    List<String> command = new ArrayList<>(place.prefix());
    command.addAll(krgboot("serve", "--state-dir", state.toString()));
    command.addAll(flags);
    long readyBefore = readyLines();
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    long end = System.nanoTime() + READY.toNanos();
    while (readyLines() == readyBefore) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new AssertionError("the daemon did not become ready:\n" + log());
      }
      Thread.sleep(50);
    }
  }

  private long readyLines() throws IOException {
    return Files.exists(log)
        ? Files.readAllLines(log).stream().filter(line -> line.endsWith(" ready")).count()
        : 0;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  Path logFile() {
    return log;
  }

  /**
   * What its admin API answers: the same as the commands tell, without a start of Java for each.
   *
   * @param path such as {@code /api/nodes}
   */
  String api(String path) throws IOException, InterruptedException {
    return Shell.onThisHost()
        .run(
            "curl",
            "-sS",
            "--unix-socket",
            state.resolve("api.sock").toString(),
            "http://localhost" + path)
        .output();
  }

  /** Runs another krgboot command against this daemon. */
  Shell.Result ask(String... arguments) throws Exception {
    return askFor(Shell.BOUND, arguments);
  }

  /** The same for one that takes its time. */
  Shell.Result askFor(Duration bound, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--state-dir", state.toString()));
    return place.run(bound, krgboot(all.toArray(String[]::new)).toArray(String[]::new));
  }

  /** A counter's value now, or {@code otherwise} if nothing was counted. */
  long counter(String name, long otherwise) throws Exception {
    return ask("counters").output().lines().anyMatch(line -> line.startsWith(name + " "))
        ? counter(name)
        : otherwise;
  }

  /** A counter's value now. */
  long counter(String name) throws Exception {
    Shell.Result result = ask("counters");
    return result
        .output()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no counter " + name + " in\n" + result.output()));
  }

  /** Dies without a chance to tidy up. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Stops as systemd stops it.
   *
   * @return its exit status
   */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return -1;
    }
    return process.exitValue();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) {
      stop();
    }
  }
}
