package org.krgboot.steps;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
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
public final class Command {
  private static final int LAST_LINES = 15;

  /** How a program ended. */
  public record Ended(int status, List<String> lastLines) {}

  private final Machine machine;
  private final Path log;
  private final Remedy remedy;
  private final Object lock = new Object();
  private @Nullable Process running;
  private boolean stopped;

  /**
   * Of one build.
   *
   * @param remedy what to say when a program fails
   */
  public Command(Machine machine, Path log, Remedy remedy) {
    this.machine = machine;
    this.log = log;
    this.remedy = remedy;
  }

  Remedy remedy() {
    return remedy;
  }

  /**
   * Runs a program that must not fail.
   *
   * @param what in the message: "unpacking failed"
   */
  public void must(String what, List<String> command) throws IOException, BuildFailedException {
    check(what, run(command, "", _ -> {}));
  }

  /** Throws what to look at, unless all went well. */
  public void check(String what, Ended ended) throws BuildFailedException {
    if (ended.status() != 0) {
      throw new BuildFailedException(
          what
              + " failed with status "
              + ended.status()
              + ". Its last lines:\n  "
              + String.join("\n  ", ended.lastLines())
              + "\n"
              + remedy.of(ended.lastLines())
              + "All of it is in "
              + log);
    }
  }

  /** Waits until all that was written to the file system of that path is on the disk. */
  void sync(Path path) throws IOException, BuildFailedException {
    must("writing to the disk", List.of("sync", "-f", path.toString()));
  }

  /**
   * Runs a program to its end.
   *
   * @param input what it reads from its standard input; not logged
   * @param eachLine sees each line that it writes
   */
  public Ended run(List<String> command, String input, Consumer<String> eachLine)
      throws IOException {
    Process process = start(command);
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter file =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
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
        machine
            .find(program)
            .orElseThrow(() -> new IOException(program + " is not on this machine"));
    List<String> line = new ArrayList<>();
    // So that it does not outlive us: a killed JVM has no time to end it.
    machine
        .find("setpriv")
        .filter(_ -> !program.equals("setpriv"))
        .ifPresent(setpriv -> line.addAll(List.of(setpriv.toString(), "--pdeathsig", "KILL")));
    line.add(found.toString());
    line.addAll(command.subList(1, command.size()));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("PATH", machine.searchPath());
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
  public void stop() {
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
  public void log(String line) throws IOException {
    Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
