package org.krgboot.steps;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of what decides a build, in hexadecimal. */
public final class Sha256 {
  private Sha256() {}

  /** Of a text. */
  public static String of(String text) {
    return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Of a file's content. */
  public static String of(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Of an input: a file's content; of a directory, which may be large, all names with their kinds,
   * sizes and times; of what is not there, nothing.
   */
  public static String ofInput(Path input) throws IOException {
    if (Files.isDirectory(input)) {
      return of(listing(input));
    }
    return Files.exists(input) ? of(input) : "";
  }

  private static String listing(Path directory) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) tree.sorted()::iterator) {
        BasicFileAttributes is =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        text.append(directory.relativize(path)).append('\0');
        if (is.isSymbolicLink()) {
          text.append("-> ").append(Files.readSymbolicLink(path));
        } else if (is.isRegularFile()) {
          text.append(is.size()).append(' ').append(is.lastModifiedTime().toMillis());
        } else {
          text.append(is.isDirectory() ? "directory" : "other");
        }
        text.append('\n');
      }
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    return text.toString();
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Of several, in this order. */
  public static String of(List<String> parts) {
    return of(String.join("\n", parts));
  }
}
