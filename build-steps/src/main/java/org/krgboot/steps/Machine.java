package org.krgboot.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The machine that builds.
 *
 * @param searchPath directories with programs, divided by colons
 * @param proc /proc
 */
public record Machine(String searchPath, Path proc) {
  /** This one. */
  public static Machine real() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    // A user's PATH often lacks the directories of the administrator's tools.
    return new Machine(path + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin", Path.of("/proc"));
  }

  /** A program's file. */
  public Optional<Path> find(String program) {
    for (String directory : searchPath.split(":", -1)) {
      Path file = Path.of(directory, program);
      if (!directory.isEmpty() && Files.isExecutable(file) && !Files.isDirectory(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** True if this process may make device nodes and change owners. */
  public boolean isRoot() throws IOException {
    Pattern effectiveRoot = Pattern.compile("Uid:\\s+\\d+\\s+0\\s.*");
    return Files.readAllLines(proc.resolve("self/status")).stream()
        .anyMatch(line -> effectiveRoot.matcher(line).matches());
  }

  /** What is mounted now. */
  public MountTable mounts() throws IOException {
    return MountTable.parse(Files.readString(proc.resolve("self/mountinfo")));
  }

  /** Differs after each start of the machine. */
  String bootId() throws IOException {
    Path file = proc.resolve("sys/kernel/random/boot_id");
    return Files.isReadable(file) ? Files.readString(file).strip() : "";
  }
}
