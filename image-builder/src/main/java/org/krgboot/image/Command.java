package org.krgboot.image;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the programs of one build, one after the other, and writes all they say to the log. After
 * {@link #stop} nothing runs, and nothing can be started.
 */
final class Command {
  private static final int LAST_LINES = 15;

  /** How a program ended. */
  record Ended(int status, List<String> lastLines) {}

  private final Host host;
  private final Path log;
  private final Object lock = new Object();
  private @Nullable Process running;
  private boolean stopped;

  Command(Host host, Path log) {
    this.host = host;
    this.log = log;
  }

  /**
   * Runs a program to its end.
   *
   * @param input what it reads from its standard input; not logged
   * @param eachLine sees each line that it writes
   */
  Ended run(List<String> command, String input, Consumer<String> eachLine) throws IOException {
    Process process = start(command);
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter file = Files.newBufferedWriter(log, StandardOpenOption.APPEND)) {
      file.write("+ " + String.join(" ", command) + "\n");
      try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
        stdin.write(input);
      } catch (IOException e) {
        file.write("(it did not read its input: " + e.getMessage() + ")\n");
      }
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        file.write(line + "\n");
        file.flush();
        last.addLast(line);
        if (last.size() > LAST_LINES) {
          last.removeFirst();
        }
        eachLine.accept(line);
      }
      return new Ended(process.waitFor(), List.copyOf(last));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.getFirst() + " ran", e);
    } finally {
      end(process);
    }
  }

  private Process start(List<String> command) throws IOException {
    String program = command.getFirst();
    Path found =
        host.find(program).orElseThrow(() -> new IOException(program + " is not on this machine"));
    List<String> line = new ArrayList<>(command);
    line.set(0, found.toString());
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("PATH", host.searchPath());
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    synchronized (lock) {
      if (stopped) {
        throw new IOException("the build was stopped");
      }
      Process process = builder.start();
      running = process;
      return process;
    }
  }

  /** Ends the program that runs now, with all that it started, and lets no other start. */
  void stop() {
    Optional<Process> process;
    synchronized (lock) {
      stopped = true;
      process = Optional.ofNullable(running);
    }
    process.ifPresent(Command::end);
  }

  /** At once: what the program was making is thrown away. */
  private static void end(Process process) {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(handle -> handle.onExit().join());
  }

  /** Writes a line of our own to the log. */
  void log(String line) {
    try {
      Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
