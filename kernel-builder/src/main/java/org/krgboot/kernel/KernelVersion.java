package org.krgboot.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel's version, as far as its age goes: 2.6.30, 6.1.
 *
 * @param patch 0 where it was not said
 */
record KernelVersion(int major, int minor, int patch) implements Comparable<KernelVersion> {
  private static final Pattern SHAPE =
      Pattern.compile("([0-9]{1,3})\\.([0-9]{1,4})(?:\\.([0-9]{1,4}))?(?![0-9]).*");
  private static final Pattern IN_NAME =
      Pattern.compile("linux-(?:source-)?([0-9]+\\.[0-9]+(?:\\.[0-9]+)?)(?![0-9]).*");
  private static final Pattern LINE =
      Pattern.compile("\\s*(VERSION|PATCHLEVEL|SUBLEVEL)\\s*=\\s*([0-9]{1,4})\\s*");

  static KernelVersion parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no version of a kernel; write it as 2.6.30 or 6.1");
    }
    String patch = matcher.group(3);
    return new KernelVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }

  /** From names such as {@code linux-2.6.30.tar.bz2} and {@code linux-source-6.1.tar.xz}. */
  static Optional<KernelVersion> inName(String name) {
    Matcher matcher = IN_NAME.matcher(name);
    return matcher.matches() ? Optional.of(parse(matcher.group(1))) : Optional.empty();
  }

  /** From the first lines of a tree's Makefile. */
  static Optional<KernelVersion> inMakefile(List<String> lines) {
    int[] found = {-1, -1, 0};
    for (String line : lines.subList(0, Math.min(lines.size(), 20))) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        int at = List.of("VERSION", "PATCHLEVEL", "SUBLEVEL").indexOf(matcher.group(1));
        found[at] = Integer.parseInt(matcher.group(2));
      }
    }
    return found[0] < 0 || found[1] < 0
        ? Optional.empty()
        : Optional.of(new KernelVersion(found[0], found[1], found[2]));
  }

  boolean isBefore(String other) {
    return compareTo(parse(other)) < 0;
  }

  /** Whether a tree of that version is meant by this one: 6.1 means 6.1.170 too. */
  boolean means(KernelVersion tree) {
    boolean series = major > 2 && patch == 0;
    return major == tree.major && minor == tree.minor && (series || patch == tree.patch);
  }

  @Override
  public int compareTo(KernelVersion other) {
    return Comparator.comparingInt(KernelVersion::major)
        .thenComparingInt(KernelVersion::minor)
        .thenComparingInt(KernelVersion::patch)
        .compare(this, other);
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>(List.of("" + major, "" + minor));
    if (patch > 0) {
      parts.add("" + patch);
    }
    return String.join(".", parts);
  }
}
