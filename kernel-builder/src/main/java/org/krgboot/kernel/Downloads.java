package org.krgboot.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
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
  private static final Duration PATIENCE = Duration.ofSeconds(30);

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
   * Fetches a file, unless it is there.
   *
   * @throws BuildFailedException if it cannot be had, or is not what it must be
   */
  static void fetch(String url, Path to, String sha256) throws IOException, BuildFailedException {
    if (Files.isRegularFile(to)) {
      return;
    }
    Files.createDirectories(to.resolveSibling("."));
    Path part = Files.createTempFile(to.resolveSibling("."), "part-", "");
    try {
      get(url, part);
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

  private static void get(String url, Path to) throws IOException, BuildFailedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new BuildFailedException(
              url + " cannot be had: the server answers " + response.statusCode());
        }
        Files.copy(body, to, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while fetching " + url, e);
    } catch (IOException e) {
      throw new BuildFailedException(
          url
              + " cannot be had ("
              + e
              + "). Without a network, put the file there yourself and name it with tar =",
          e);
    }
  }
}
