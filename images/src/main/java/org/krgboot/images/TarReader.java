package org.krgboot.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.krgboot.images.TreeEntry.Kind;

/**
 * Reads an archive in the pax format (POSIX.1-2008, pax, "pax Interchange Format") as GNU tar
 * writes it, with each file's content as its SHA-256. Names and values are bytes, one a character.
 */
final class TarReader {
  private static final int BLOCK = 512;

  /** An extended attribute has at most 64 KiB, xattr(7). */
  private static final int LONGEST_HEADER = 16 << 20;

  private static final String XATTR = "SCHILY.xattr.";

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private final byte[] buffer = new byte[1 << 16];

  TarReader(InputStream in) {
    this.in = in;
  }

  /** The next entry; empty at the end. IOException if this is no such archive, or is cut off. */
  Optional<TreeEntry> next() throws IOException {
    Map<String, String> extended = new HashMap<>();
    while (true) {
      if (in.readNBytes(block, 0, BLOCK) != BLOCK) {
        throw new IOException("the archive ends in the middle");
      }
      if (block[0] == 0) {
        return Optional.empty();
      }
      checkSum();
      char type = (char) (block[156] & 0xff);
      if (type == 'x') {
        extended.putAll(records(bytes(size(Map.of()))));
      } else if (type == 'g') {
        var _ = bytes(size(Map.of()));
      } else {
        return Optional.of(entry(type, extended));
      }
    }
  }

  private TreeEntry entry(char type, Map<String, String> extended) throws IOException {
    Kind kind = kind(type);
    String name = extended.getOrDefault("path", name());
    long size = kind == Kind.FILE ? size(extended) : 0;
    String content =
        switch (kind) {
          case FILE -> hash(size);
          case HARD_LINK -> plain(extended.getOrDefault("linkpath", text(157, 100)));
          case SYMBOLIC_LINK -> extended.getOrDefault("linkpath", text(157, 100));
          case CHARACTER_DEVICE, BLOCK_DEVICE -> number(329, 8) + "," + number(337, 8);
          case DIRECTORY, FIFO -> "";
        };
    TreeEntry.Owner owner =
        new TreeEntry.Owner(
            (int) number(100, 8) & 07777,
            decimal(extended, "uid", number(108, 8)),
            decimal(extended, "gid", number(116, 8)));
    String modified = extended.getOrDefault("mtime", Long.toString(number(136, 12)));
    return new TreeEntry(plain(name), kind, owner, size, modified, content, attributes(extended));
  }

  private static Kind kind(char type) throws IOException {
    return switch (type) {
      case '0', '\0' -> Kind.FILE;
      case '1' -> Kind.HARD_LINK;
      case '2' -> Kind.SYMBOLIC_LINK;
      case '3' -> Kind.CHARACTER_DEVICE;
      case '4' -> Kind.BLOCK_DEVICE;
      case '5' -> Kind.DIRECTORY;
      case '6' -> Kind.FIFO;
      default -> throw new IOException("an entry of type '" + type + "' is not understood");
    };
  }

  private static SortedMap<String, String> attributes(Map<String, String> extended) {
    SortedMap<String, String> attributes = new TreeMap<>();
    extended.forEach((key, value) -> {
      if (key.startsWith(XATTR)) {
        attributes.put(key.substring(XATTR.length()), value);
      }
    });
    return attributes;
  }

  /** Without the "./" in front and the "/" behind. */
  private static String plain(String name) {
    String path = name.startsWith("./") ? name.substring(2) : name;
    path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return path.isEmpty() ? "." : path;
  }

  private String name() {
    String prefix = text(345, 155);
    return prefix.isEmpty() ? text(0, 100) : prefix + "/" + text(0, 100);
  }

  private long size(Map<String, String> extended) throws IOException {
    long size = decimal(extended, "size", number(124, 12));
    if (size < 0) {
      throw new IOException("an entry has a size below zero");
    }
    return size;
  }

  private static long decimal(Map<String, String> extended, String key, long otherwise)
      throws IOException {
    String value = extended.get(key);
    try {
      return value == null ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IOException("'" + value + "' is no number for " + key, e);
    }
  }

  /** {@code LENGTH KEY=VALUE\n}, one after the other; the length counts itself. */
  private static Map<String, String> records(byte[] header) throws IOException {
    Map<String, String> records = new HashMap<>();
    String text = new String(header, StandardCharsets.ISO_8859_1);
    for (int at = 0; at < text.length(); ) {
      int space = text.indexOf(' ', at);
      String digits = space < 0 ? "" : text.substring(at, space);
      int length = digits.matches("[0-9]{1,8}") ? Integer.parseInt(digits) : 0;
      int equals = text.indexOf('=', at);
      if (length <= digits.length() + 2 || length > text.length() - at || equals < space) {
        throw new IOException("an extended header is damaged");
      }
      if (equals >= at + length) {
        throw new IOException("an extended header has a record without a key");
      }
      records.put(text.substring(space + 1, equals), text.substring(equals + 1, at + length - 1));
      at += length;
    }
    return records;
  }

  private byte[] bytes(long size) throws IOException {
    if (size > LONGEST_HEADER) {
      throw new IOException("an extended header has " + size + " bytes");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length != size) {
      throw new IOException("the archive ends in the middle");
    }
    skipToBlock(size);
    return bytes;
  }

  private String hash(long size) throws IOException {
    MessageDigest digest = Tool.sha256();
    long left = size;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new IOException("the archive ends in the middle of a file");
      }
      digest.update(buffer, 0, read);
      left -= read;
    }
    skipToBlock(size);
    return HexFormat.of().formatHex(digest.digest());
  }

  private void skipToBlock(long size) throws IOException {
    in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
  }

  private void checkSum() throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
    }
    if (sum != number(148, 8)) {
      throw new IOException("this is no tar archive, or it is damaged");
    }
  }

  private String text(int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return new String(block, at, end - at, StandardCharsets.ISO_8859_1);
  }

  /** Octal digits; or, where they do not suffice, GNU's binary form with the first bit set. */
  private long number(int at, int length) throws IOException {
    if ((block[at] & 0x80) != 0) {
      long value = block[at] & 0x3f;
      for (int i = at + 1; i < at + length; i++) {
        value = (value << 8) | (block[i] & 0xff);
      }
      return value;
    }
    String digits = text(at, length).strip();
    if (!digits.matches("[0-7]*")) {
      throw new IOException("'" + digits + "' is no octal number");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }
}
