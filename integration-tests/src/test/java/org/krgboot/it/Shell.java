package org.krgboot.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a command to its end, with a bound. */
record Shell(List<String> prefix) {
  record Result(int status, String output) {}

  static final Duration BOUND = Duration.ofSeconds(60);

  static Shell onThisHost() {
    return new Shell(List.of());
  }

  static Shell in(String namespace) {
    return new Shell(List.of("ip", "netns", "exec", namespace));
  }

  /** Its output, both streams together; never fails for the command's own status. */
  Result run(String... command) throws IOException, InterruptedException {
    return run(BOUND, command);
  }

  /** The same with another bound. */
  Result run(Duration bound, String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("krgboot-it", ".out");
    try {
      Process process =
          new ProcessBuilder(Stream.concat(prefix.stream(), Stream.of(command)).toList())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      if (!process.waitFor(bound.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return new Result(-1, text(output) + "\n(ended by the test after " + bound + ")");
      }
      return new Result(process.exitValue(), text(output));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** Its output; fails with it if the status is not 0. */
  String must(String... command) throws IOException, InterruptedException {
    Result result = run(command);
    if (result.status() != 0) {
      throw new AssertionError(
          String.join(" ", command) + " ended with " + result.status() + ": " + result.output());
    }
    return result.output();
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** True if the command is on this machine, administrators' directories included. */
  static boolean has(String command) {
    List<String> places = new ArrayList<>(List.of(System.getenv("PATH").split(":")));
    places.addAll(List.of("/usr/sbin", "/sbin"));
    return places.stream().anyMatch(place -> Files.isExecutable(Path.of(place, command)));
  }
}
