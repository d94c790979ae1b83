package org.krgboot.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How nodes write to a root that they share. The root says it itself, in a file that the initrd
 * reads as shell variables before init starts.
 *
 * @param writable with {@link Kind#READ_ONLY}: the directories that are mounted read-write
 */
public record RootStyle(Kind kind, List<String> writable) {
  /** The three styles. */
  public enum Kind {
    /** All nodes write to one copy of the root. */
    READ_WRITE("read-write"),
    /** All nodes write to one copy of some directories; the rest is read-only. */
    READ_ONLY("read-only"),
    /** What a node writes stays in its memory, and is gone at its next boot. */
    OVERLAY("overlay");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** Where it stands in a root. */
  public static final String PATH = "etc/krgboot-style";

  private static final Pattern LINE = Pattern.compile("(style|writable)='?([^']*)'?");
  private static final Pattern DIRECTORY =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*");

  /** What a root is that says nothing. */
  public static final RootStyle DEFAULT = new RootStyle(Kind.READ_WRITE, List.of());

  public RootStyle {
    writable = writable.stream().map(RootStyle::plain).sorted().distinct().toList();
    for (String directory : writable) {
      if (!DIRECTORY.matcher(directory).matches()) {
        throw new IllegalArgumentException(
            "'" + directory + "' is not a directory of a root; write it as /var");
      }
    }
    if (kind == Kind.READ_ONLY && writable.isEmpty()) {
      throw new IllegalArgumentException("a read-only root needs directories that are writable");
    }
  }

  private static String plain(String directory) {
    return directory.replaceAll("^/+|/+$", "");
  }

  /** The style of that name. */
  public static Kind kind(String text) {
    for (Kind kind : Kind.values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is none of read-write, read-only, overlay");
  }

  /** What is written into the root. */
  public String text() {
    return "style=" + kind.text + "\nwritable='" + String.join(" ", writable) + "'\n";
  }

  /** Reads it from a root. */
  static RootStyle of(Path root) throws IOException {
    Path file = root.resolve(PATH);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return DEFAULT;
    }
    Kind kind = Kind.READ_WRITE;
    List<String> writable = List.of();
    try {
      for (String line : Files.readAllLines(file)) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches() && matcher.group(1).equals("style")) {
          kind = kind(matcher.group(2));
        } else if (matcher.matches() && !matcher.group(2).isBlank()) {
          writable = List.of(matcher.group(2).split(" ", -1));
        }
      }
      return new RootStyle(kind, writable);
    } catch (IllegalArgumentException e) {
      throw new ImageException(file + ": " + e.getMessage(), e);
    }
  }
}
