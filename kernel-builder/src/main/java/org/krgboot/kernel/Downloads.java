package org.krgboot.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.Sha256;

/** What came over the network, kept by its content: it is fetched once. */
final class Downloads {
  private static final String PART = ".krgboot-part-";
  private static final int MOST_REDIRECTS = 5;

  private Downloads() {}

  /** Where it is kept, as the XDG Base Directory Specification says. */
  static Path place() {
    Path cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(text -> text.startsWith("/"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home", "/"), ".cache"));
    return cache.resolve("krgboot").resolve("sources");
  }

  /** The copy of a repository. */
  static Path mirror(String repository) {
    return place().resolve("git-" + Sha256.of(repository).substring(0, 16));
  }

  /**
   * How much is taken, so that no server can hold a build up for ever or fill the disk.
   *
   * @param idle how long a server may say nothing
   * @param longest how long all of it may take
   * @param most octets
   */
  record Limits(Duration idle, Duration longest, long most) {
    /** The largest kernels are of 250 MB; at the slowest that takes some hours. */
    static final Limits USUAL = new Limits(Duration.ofSeconds(30), Duration.ofHours(6), 2L << 30);
  }

  /**
   * Fetches a file, unless it is there. Waits for another krgboot that fetches one.
   *
   * @throws BuildFailedException if it cannot be had, or is not what it must be; nothing is left
   *     then
   */
  static void fetch(String url, Path to, String sha256, Limits limits)
      throws IOException, BuildFailedException {
    Path directory = Files.createDirectories(to.toAbsolutePath().resolveSibling("."));
    try (FileChannel lock =
            FileChannel.open(
                directory.resolve(".krgboot-lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = lock.lock()) {
      removeParts(directory); // of a krgboot that was killed
      if (!Files.isRegularFile(to)) {
        fetchInto(Files.createTempFile(directory, PART, ""), url, to, sha256, limits);
      }
    }
  }

  private static void removeParts(Path directory) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, PART + "*")) {
      for (Path part : parts) {
        Files.delete(part);
      }
    }
  }

  private static void fetchInto(Path part, String url, Path to, String sha256, Limits limits)
      throws IOException, BuildFailedException {
    try {
      get(url, part, limits);
      String is = Sha256.of(part);
      if (!is.equals(sha256)) {
        throw new BuildFailedException(
            url + " is not what the recipe names: its SHA-256 is " + is + ", not " + sha256);
      }
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void get(String url, Path to, Limits limits) throws BuildFailedException {
    try {
      HttpURLConnection connection = open(url, limits);
      try {
        copy(connection, to, limits);
      } finally {
        connection.disconnect();
      }
    } catch (SocketTimeoutException e) {
      throw failed(url, "the server said nothing for " + limits.idle().toSeconds() + " s", e);
    } catch (IOException | IllegalArgumentException e) { // the latter of what is no URL
      throw failed(url, e.toString(), e);
    }
  }

  private static BuildFailedException failed(String url, String why, Exception e) {
    return new BuildFailedException(
        url
            + " cannot be had ("
            + why
            + "). Without a network, put the file there yourself and name it with tar =",
        e);
  }

  /** Follows the server's word that it is elsewhere, but not from https to http. */
  private static HttpURLConnection open(String url, Limits limits) throws IOException {
    URI at = URI.create(url);
    for (int i = 0; i < MOST_REDIRECTS; i++) {
      HttpURLConnection connection = (HttpURLConnection) at.toURL().openConnection();
      connection.setConnectTimeout((int) limits.idle().toMillis());
      connection.setReadTimeout((int) limits.idle().toMillis());
      connection.setInstanceFollowRedirects(false);
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_OK) {
        return connection;
      }
      Optional<String> elsewhere = Optional.ofNullable(connection.getHeaderField("Location"));
      connection.disconnect();
      if (status / 100 != 3 || elsewhere.isEmpty()) {
        throw new IOException("the server answers " + status);
      }
      URI next = at.resolve(elsewhere.get());
      if (!"https".equals(next.getScheme()) && !at.getScheme().equals(next.getScheme())) {
        throw new IOException("the server says that it is at " + next);
      }
      at = next;
    }
    throw new IOException("the server says again and again that it is elsewhere");
  }

  private static void copy(HttpURLConnection connection, Path to, Limits limits)
      throws IOException {
    long start = System.nanoTime();
    long length = connection.getContentLengthLong(); // -1 if it does not say
    long got = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream body = connection.getInputStream();
        OutputStream out = Files.newOutputStream(to)) {
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        got += read;
        if (Math.max(got, length) > limits.most()) {
          throw new IOException("it is larger than " + (limits.most() >> 20) + " MB");
        }
        if (System.nanoTime() - start > limits.longest().toNanos()) {
          throw new IOException("it takes longer than " + limits.longest().toMinutes() + " min");
        }
        out.write(buffer, 0, read);
      }
    }
    if (length >= 0 && got != length) {
      throw new IOException("the server was gone after " + got + " of " + length + " octets");
    }
  }
}
