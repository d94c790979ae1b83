package org.krgboot.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The status page, metrics and health; every other path is the API's. */
final class StatusRoutes extends Handler.Abstract {
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);
  private static final int PAGE_SIZE = 4096;

  /** Nothing from elsewhere is loaded or asked, and no other page may frame this one. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self';"
          + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** The daemon, as far as it is asked here. */
  record Subject(
      Supplier<List<NodeRow>> nodes,
      Supplier<Map<String, Long>> counters,
      LifeSigns signs,
      Supplier<Boolean> ready,
      Instant started) {}

  private final Subject daemon;
  private final StatusFeed feed;
  private final Handler api;
  private final String page = resource("status.html");
  private final String openApi = resource("openapi.json");

  StatusRoutes(Subject daemon, StatusFeed feed, Handler api) {
    this.api = api;
    this.daemon = daemon;
    this.feed = feed;
  }

  private static String resource(String name) {
    try (InputStream file = StatusRoutes.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing in the program");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    if (!HttpMethod.GET.is(request.getMethod())) {
      return api.handle(request, response, callback);
    }
    switch (path) {
      case "/" -> {
        response.getHeaders().put("Content-Security-Policy", POLICY);
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        Answers.text(response, callback, HttpStatus.OK_200, "text/html; charset=utf-8", page);
      }
      case "/openapi.json" ->
          Answers.text(response, callback, HttpStatus.OK_200, "application/json", openApi);
      case "/metrics" ->
          Answers.text(response, callback, HttpStatus.OK_200, Metrics.CONTENT_TYPE, metrics());
      case "/health" -> health(response, callback);
      case "/ready" -> ready(response, callback);
      case "/api/stream" -> feed.add(response, callback);
      default -> {
        return api.handle(request, response, callback);
      }
    }
    return true;
  }

  /** Whether the servers do their work: what a watchdog asks. */
  private void health(Response response, Callback callback) {
    List<String> silent = daemon.signs().silent(ANSWERS_WITHIN);
    if (silent.isEmpty()) {
      Answers.json(response, callback, HttpStatus.OK_200, Map.of("status", "up"));
    } else {
      Answers.json(
          response,
          callback,
          HttpStatus.SERVICE_UNAVAILABLE_503,
          Map.of("status", "down", "silent", silent));
    }
  }

  /** Whether all servers run: what is asked before nodes are sent here. */
  private void ready(Response response, Callback callback) {
    boolean is = daemon.ready().get();
    response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
    Answers.json(
        response,
        callback,
        is ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503,
        Map.of("status", is ? "ready" : "starting"));
  }

  private String metrics() {
    Map<String, Boolean> answers = new TreeMap<>();
    List<String> silent = daemon.signs().silent(ANSWERS_WITHIN);
    daemon.signs().servers().forEach(server -> answers.put(server, !silent.contains(server)));
    return Metrics.text(
        daemon.counters().get(),
        daemon.nodes().get(),
        new Metrics.Facts(daemon.started(), KrgbootDaemon.version(), residentBytes(), answers));
  }

  /** The second number of /proc/self/statm, in pages: proc(5). 0 where it cannot be read. */
  private static long residentBytes() {
    try {
      return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", 3)[1])
          * PAGE_SIZE;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
