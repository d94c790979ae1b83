package org.krgboot.images;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Programs of the system that know trees better than the JDK does: tar, cp, rm. */
public final class Tool {
  private static final int LAST_LINES = 3;

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
    // It ends with us, even if we are killed: whoever comes next must not meet it at work.
    List<String> line = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    FutureTask<List<String>> said = new FutureTask<>(() -> lastLines(process));
    Thread.ofVirtual().start(said);
    try (InputStream output = process.getInputStream()) {
      process.getOutputStream().close();
      T result = reader.read(output);
      output.transferTo(OutputStream.nullOutputStream());
      int status = process.waitFor();
      if (status != 0) {
        throw new ImageException(
            command.getFirst() + " failed with status " + status + ": " + words(said));
      }
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.getFirst() + " ran", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Runs a program to its end. */
  static void run(List<String> command) throws IOException {
    read(command, output -> output.transferTo(OutputStream.nullOutputStream()));
  }

  /** What it writes to its standard error, to the end; the last of it is kept. */
  private static List<String> lastLines(Process process) throws IOException {
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader lines = process.errorReader(StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last.addLast(line);
        if (last.size() > LAST_LINES) {
          last.removeFirst();
        }
      }
    }
    return List.copyOf(last);
  }

  private static String words(FutureTask<List<String>> said) throws InterruptedException {
    try {
      return String.join("; ", said.get());
    } catch (ExecutionException e) {
      return "what it said cannot be read (" + e.getCause() + ")";
    }
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
