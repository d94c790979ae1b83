package org.krgboot.steps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is mounted where, from /proc/self/mountinfo (proc(5)). */
public record MountTable(List<Mount> mounts) {
  /** One file system, and where it is. */
  public record Mount(Path at, List<String> options) {}

  /** From that file's text. */
  public static MountTable parse(String mountinfo) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : mountinfo.lines().toList()) {
      String[] fields = line.split(" ", -1);
      if (fields.length > 5) {
        mounts.add(
            new Mount(Path.of(unescape(fields[4])), Arrays.asList(fields[5].split(",", -1))));
      }
    }
    return new MountTable(mounts);
  }

  private static String unescape(String path) {
    return path.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  /** The mount on which {@code path} lies; of several at one place, the last covers the others. */
  public Optional<Mount> of(Path path) {
    Optional<Mount> best = Optional.empty();
    for (Mount mount : mounts) {
      boolean deeper =
          best.isEmpty() || mount.at().getNameCount() >= best.get().at().getNameCount();
      if (path.startsWith(mount.at()) && deeper) {
        best = Optional.of(mount);
      }
    }
    return best;
  }

  /** Mounts at {@code directory} or below it. */
  public List<Path> below(Path directory) {
    return mounts.stream().map(Mount::at).filter(at -> at.startsWith(directory)).toList();
  }

  /** Nothing is mounted there but by a build's own processes, which no other process sees. */
  public void refuseBelow(Path tree) throws IOException {
    List<Path> mounted = below(tree);
    if (!mounted.isEmpty()) {
      throw new IOException(
          "something is mounted in "
              + tree
              + "; unmount first: umount "
              + mounted.stream().map(Path::toString).collect(Collectors.joining(" ")));
    }
  }
}
