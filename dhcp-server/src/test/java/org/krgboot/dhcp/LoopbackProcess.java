package org.krgboot.dhcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@link ServerOnLoopback} as a child. */
final class LoopbackProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;
  private final int port;

  private LoopbackProcess(Process process, BufferedReader lines, int port) {
    this.process = process;
    this.lines = lines;
    this.port = port;
  }

  /**
   * Starts it and waits until it serves.
   *
   * @param wrapper a command that runs the one after it
   * @param port 0 for any that is free
   */
  static LoopbackProcess start(List<String> wrapper, Path database, int port) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ServerOnLoopback.class.getName(),
            database.toString(),
            Integer.toString(port)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("ready ")) {
        return new LoopbackProcess(process, lines, Integer.parseInt(line.substring(6)));
      }
    }
    throw new IOException("the server did not start; what it said is above");
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** Gives it a line, and gives the line that it answers; log lines are passed over. */
  String ask(String line) throws IOException {
    process.outputWriter().write(line + "\n");
    process.outputWriter().flush();
    String answer = lines.readLine();
    while (answer != null && !answer.startsWith("{") && !answer.equals(line)) {
      answer = lines.readLine();
    }
    return String.valueOf(answer);
  }

  long counter(String name) throws IOException {
    for (String entry : ask("counters").replaceAll("[{} ]", "").split(",")) {
      if (entry.startsWith(name + "=")) {
        return Long.parseLong(entry.substring(name.length() + 1));
      }
    }
    return 0;
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
