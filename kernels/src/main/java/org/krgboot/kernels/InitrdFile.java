package org.krgboot.kernels;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The names of the files in an initrd: one or more cpio archives, one behind the other, of which
 * the last may be compressed. Linux Documentation/driver-api/early-userspace/buffer-format.rst.
 */
public final class InitrdFile {
  /** More than ever are in one; it bounds what a broken one can take. */
  private static final int MOST_NAMES = 200_000;

  private static final int LONGEST_NAME = 4096;
  private static final int HEADER = 110;
  private static final int FILE_SIZE_AT = 54;
  private static final int NAME_SIZE_AT = 94;
  private static final String LAST = "TRAILER!!!";

  /** By the first bytes, the program that takes the compression away. */
  private static final Map<String, List<String>> PROGRAMS =
      Map.of(
          "28b52ffd", List.of("zstd", "-dcq"),
          "fd377a58", List.of("xz", "-dc"),
          "02214c18", List.of("lz4", "-dcq"),
          "04224d18", List.of("lz4", "-dcq"),
          "425a6839", List.of("bzip2", "-dc"),
          "5d000080", List.of("xz", "--format=lzma", "-dc"));

  private InitrdFile() {}

  /**
   * The names of all files.
   *
   * @throws IOException if it cannot be read, or is compressed by a program that is not here; the
   *     message says which
   */
  public static Set<String> names(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      Set<String> names = new HashSet<>();
      read(in, names);
      return names;
    }
  }

  /** All archives of the stream. */
  static void read(InputStream in, Set<String> names) throws IOException {
    byte[] first = start(in);
    while (first.length == 4) {
      String magic = new String(first, StandardCharsets.ISO_8859_1);
      if (!magic.equals("0707")) {
        try (InputStream plain = decompressed(first, in)) {
          readArchives(plain, names);
        }
        return;
      }
      archive(first, in, names);
      first = start(in);
    }
  }

  private static void readArchives(InputStream in, Set<String> names) throws IOException {
    for (byte[] first = start(in); first.length == 4; first = start(in)) {
      if (!new String(first, StandardCharsets.ISO_8859_1).equals("0707")) {
        throw new IOException("it is compressed twice, or damaged");
      }
      archive(first, in, names);
    }
  }

  /** The next four bytes that are not the padding between archives; fewer at the end. */
  private static byte[] start(InputStream in) throws IOException {
    int next = in.read();
    while (next == 0) {
      next = in.read();
    }
    byte[] start = new byte[4];
    if (next < 0) {
      return new byte[0];
    }
    start[0] = (byte) next;
    int more = in.readNBytes(start, 1, 3);
    return more == 3 ? start : new byte[0];
  }

  private static InputStream decompressed(byte[] first, InputStream in) throws IOException {
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(first), in);
    if (first[0] == 0x1f && first[1] == (byte) 0x8b) {
      return new GZIPInputStream(whole);
    }
    String magic = java.util.HexFormat.of().formatHex(first);
    List<String> program = PROGRAMS.get(magic);
    if (program == null) {
      throw new IOException("it begins with " + magic + ", which is no known compression");
    }
    return Piped.through(program, whole);
  }

  /** One archive of the "new ASCII" format, up to its trailer. */
  private static void archive(byte[] first, InputStream in, Set<String> names) throws IOException {
    byte[] header = Arrays.copyOf(first, HEADER);
    int have = first.length;
    while (true) {
      if (in.readNBytes(header, have, HEADER - have) < HEADER - have) {
        throw new EOFException("it is cut short");
      }
      have = 0;
      long fileSize = number(header, FILE_SIZE_AT);
      long nameSize = number(header, NAME_SIZE_AT);
      if (nameSize < 1 || nameSize > LONGEST_NAME) {
        throw new IOException("it is damaged: a name of " + nameSize + " bytes");
      }
      byte[] name = in.readNBytes((int) nameSize);
      if (name.length < nameSize) {
        throw new EOFException("it is cut short");
      }
      in.skipNBytes(padding(HEADER + nameSize));
      String text = new String(name, 0, (int) nameSize - 1, StandardCharsets.UTF_8);
      if (text.equals(LAST)) {
        return;
      }
      in.skipNBytes(fileSize + padding(fileSize));
      names.add(text);
      if (names.size() > MOST_NAMES) {
        throw new IOException("it has more than " + MOST_NAMES + " files");
      }
    }
  }

  private static long padding(long size) {
    return -size & 3;
  }

  private static long number(byte[] header, int at) throws IOException {
    try {
      return Long.parseLong(new String(header, at, 8, StandardCharsets.ISO_8859_1), 16);
    } catch (NumberFormatException e) {
      throw new IOException("it is damaged: its headers are not those of cpio", e);
    }
  }
}
