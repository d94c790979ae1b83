package org.krgboot.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.krgboot.model.Ipv4;

/**
 * Fetches by HTTP what a node fetches so from the running daemon. The client is the JDK's, an
 * implementation that is not ours.
 */
final class HttpProbe {
  private static final List<String> FIRST_FILES = List.of("boot.ipxe", "ldlinux.c32");
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final int OK = 200;
  private static final int LONGEST_SHOWN = 200;

  private final Ipv4 server;
  private final int port;

  HttpProbe(Ipv4 server, int port) {
    this.server = server;
    this.port = port;
  }

  List<Finding> findings() {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build()) {
      return FIRST_FILES.stream().map(file -> fetch(client, file)).toList();
    }
  }

  private Finding fetch(HttpClient client, String file) {
    URI uri = URI.create("http://" + server + ":" + port + "/" + file);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return answer.statusCode() == OK
          ? Finding.ok("fetched " + file + " by HTTP: " + answer.body().length + " bytes")
          : problem(file, answer.statusCode() + " " + text(answer.body()));
    } catch (IOException e) {
      return problem(file, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return problem(file, "interrupted");
    }
  }

  private static String text(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return text.substring(0, Math.min(text.length(), LONGEST_SHOWN));
  }

  private Finding problem(String file, String why) {
    return Finding.problem(
        "a node cannot fetch " + file + " by HTTP: " + why,
        "boot loaders fetch their configuration, kernel and initrd so",
        "journalctl -u krgboot says why; let TCP port " + port + " through the firewall");
  }
}
