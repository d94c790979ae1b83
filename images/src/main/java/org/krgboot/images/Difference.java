package org.krgboot.images;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One file in which two trees differ.
 *
 * @param path from the root, as people read it
 * @param what is different
 * @param why it usually is; empty if that is not known
 */
public record Difference(String path, String what, String why) {
  /** Files that two builds of one recipe are known to make differently. */
  private static final Map<Pattern, String> KNOWN = known();

  private static Map<Pattern, String> known() {
    Map<Pattern, String> known = new LinkedHashMap<>();
    known.put(Pattern.compile("/var/log/.*"), "logs tell the time of the build");
    known.put(Pattern.compile("/var/cache/.*"), "caches tell the time of the build");
    known.put(Pattern.compile("/etc/g?shadow-?"), "the day and the salt of a password");
    known.put(Pattern.compile("/boot/initrd.*"), "files in the initrd tell the time of the build");
    known.put(Pattern.compile("/var/lib/(dpkg|apt)/.*"), "packages are of another version or day");
    known.put(Pattern.compile("/etc/krgboot-root"), "made from another recipe");
    return known;
  }

  static Optional<Difference> between(Optional<TreeEntry> before, Optional<TreeEntry> after) {
    if (before.isEmpty() || after.isEmpty()) {
      TreeEntry only = before.or(() -> after).orElseThrow();
      String what = before.isEmpty() ? "only in the second" : "only in the first";
      return Optional.of(new Difference(only.shown(), what, why(only.shown(), false)));
    }
    List<String> what = differences(before.get(), after.get());
    String path = before.get().shown();
    boolean timeOnly = what.size() == 1 && what.getFirst().startsWith("time ");
    return what.isEmpty()
        ? Optional.empty()
        : Optional.of(new Difference(path, String.join(", ", what), why(path, timeOnly)));
  }

  private static String why(String path, boolean timeOnly) {
    if (timeOnly) {
      return "the time of the build; set SOURCE_DATE_EPOCH";
    }
    return KNOWN.entrySet().stream()
        .filter(known -> known.getKey().matcher(path).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static List<String> differences(TreeEntry one, TreeEntry other) {
    List<String> what = new ArrayList<>();
    add(what, "kind", one.kind(), other.kind());
    add(what, "owner and mode", one.owner(), other.owner());
    add(what, "size", one.size(), other.size());
    if (one.size() == other.size() && !one.content().equals(other.content())) {
      what.add(
          one.kind() == TreeEntry.Kind.FILE ? "content" : one.content() + " -> " + other.content());
    }
    add(what, "attributes", one.attributes(), other.attributes());
    add(what, "time", one.modified(), other.modified());
    return what;
  }

  private static void add(List<String> to, String what, Object one, Object other) {
    if (!one.equals(other)) {
      to.add(what + " " + one + " -> " + other);
    }
  }

  @Override
  public String toString() {
    return path + ": " + what + (why.isEmpty() ? "" : " (" + why + ")");
  }
}
