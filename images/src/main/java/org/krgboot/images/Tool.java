package org.krgboot.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Programs of the system that know trees better than the JDK does: tar, cp, rm. */
public final class Tool {
  private Tool() {}

  /** Reads what a program writes. */
  @FunctionalInterface
  interface Reader<T> {
    T read(InputStream output) throws IOException;
  }

  /**
   * Runs a program and reads its output to the end.
   *
   * @throws ImageException if it fails; with what it said
   */
  static <T> T read(List<String> command, Reader<T> reader) throws IOException {
    Path said = Files.createTempFile("krgboot-", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(said.toFile());
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      try (InputStream output = process.getInputStream()) {
        process.getOutputStream().close();
        T result = reader.read(output);
        output.transferTo(java.io.OutputStream.nullOutputStream());
        int status = process.waitFor();
        if (status != 0) {
          throw new ImageException(
              command.getFirst()
                  + " failed with status "
                  + status
                  + ": "
                  + lastLines(Files.readString(said, StandardCharsets.ISO_8859_1)));
        }
        return result;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while " + command.getFirst() + " ran", e);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /** Runs a program to its end. */
  static void run(List<String> command) throws IOException {
    read(command, output -> output.transferTo(java.io.OutputStream.nullOutputStream()));
  }

  private static String lastLines(String text) {
    List<String> lines = text.strip().lines().toList();
    return String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  /** Removes a tree; nothing of another file system that is mounted in it. */
  public static void remove(Path tree) throws IOException {
    run(List.of("rm", "-rf", "--one-file-system", "--", tree.toString()));
  }

  /** Copies a tree with all that belongs to its files; shares the blocks where that can be done. */
  public static void copy(Path from, Path to) throws IOException {
    run(List.of("cp", "-a", "--reflink=auto", "--", from.toString(), to.toString()));
  }

  /** Puts on disk what was written to the file system of that path. */
  public static void sync(Path path) throws IOException {
    run(List.of("sync", "-f", path.toString()));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  public static String sha256(InputStream content) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
