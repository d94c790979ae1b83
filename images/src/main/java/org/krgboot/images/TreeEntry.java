package org.krgboot.images;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One name of a tree with all that belongs to it.
 *
 * @param path relative, "." for the top; each character is one byte of the name
 * @param content SHA-256 of a file, target of a link, numbers of a device, else empty
 * @param attributes extended attributes, among them ACLs and capabilities
 */
record TreeEntry(
    String path,
    Kind kind,
    Owner owner,
    long size,
    String modified,
    String content,
    SortedMap<String, String> attributes) {
  enum Kind {
    FILE("-"),
    /** Another name of a file that was listed before; its content is that name. */
    HARD_LINK("="),
    SYMBOLIC_LINK("l"),
    CHARACTER_DEVICE("c"),
    BLOCK_DEVICE("b"),
    DIRECTORY("d"),
    FIFO("p");

    final String letter;

    Kind(String letter) {
      this.letter = letter;
    }

    static Kind of(String letter) {
      for (Kind kind : values()) {
        if (kind.letter.equals(letter)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("'" + letter + "' is no kind of file");
    }
  }

  /** Who may do what; {@code mode} with the setuid bits. */
  record Owner(int mode, long user, long group) {
    @Override
    public String toString() {
      return Integer.toOctalString(mode) + " " + user + ":" + group;
    }
  }

  TreeEntry {
    attributes = new TreeMap<>(attributes);
  }

  /** One line of an inventory. */
  String line() {
    StringBuilder line = new StringBuilder(kind.letter);
    line.append('\t').append(owner).append('\t').append(size).append('\t').append(modified);
    line.append('\t').append(escaped(content)).append('\t');
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      line.append(escaped(attribute.getKey()))
          .append('=')
          .append(escaped(attribute.getValue()))
          .append(' ');
    }
    return line.append('\t').append(escaped(path)).toString();
  }

  /** Reads {@link #line} back; IllegalArgumentException if it is none. */
  static TreeEntry parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != 7 || !fields[1].matches("[0-7]{1,6} [0-9]{1,10}:[0-9]{1,10}")) {
      throw new IllegalArgumentException("'" + line + "' is no line of an inventory");
    }
    String[] owner = fields[1].split("[ :]", -1);
    SortedMap<String, String> attributes = new TreeMap<>();
    for (String attribute : fields[5].split(" ", -1)) {
      int equals = attribute.indexOf('=');
      if (equals > 0) {
        attributes.put(
            unescaped(attribute.substring(0, equals)), unescaped(attribute.substring(equals + 1)));
      }
    }
    return new TreeEntry(
        unescaped(fields[6]),
        Kind.of(fields[0]),
        new Owner(
            Integer.parseInt(owner[0], 8), Long.parseLong(owner[1]), Long.parseLong(owner[2])),
        Long.parseLong(fields[2]),
        fields[3],
        unescaped(fields[4]),
        attributes);
  }

  /** The path as people read it. */
  String shown() {
    return "/"
        + (path.equals(".")
            ? ""
            : new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", "?"));
  }

  private static String escaped(String bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c <= ' ' || c == '\\' || c == '=' || c >= 127) {
        text.append('\\').append(Character.forDigit(c >> 4 & 15, 16));
        text.append(Character.forDigit(c & 15, 16));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static String unescaped(String text) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 2 < text.length()) {
        bytes.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.append(text.charAt(i));
      }
    }
    return bytes.toString();
  }
}
