package org.krgboot.daemon;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A headless browser with one page, driven by Chromium's DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private int lastId;

  private Chromium(Process process, int port) throws Exception {
    this.process = process;
    HttpRequest list =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
    String page = null;
    while (page == null) {
      for (JsonNode target :
          JSON.readTree(http.send(list, HttpResponse.BodyHandlers.ofString()).body())) {
        page =
            target.get("type").asText().equals("page")
                ? target.get("webSocketDebuggerUrl").asText()
                : page;
      }
    }
    this.socket = http.newWebSocketBuilder().buildAsync(URI.create(page), new Listener()).join();
    ask("Page.enable", Map.of());
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          JsonNode message = JSON.readTree(text.toString());
          if (message.has("id")) {
            answers.add(message);
          }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
          throw new IllegalStateException(e);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  /** Starts one, or skips the test and says what is missing. */
  static Chromium start(Path directory) throws Exception {
    Path program = Path.of("/usr/bin/chromium");
    assumeTrue(Files.isExecutable(program), "SKIPPED: chromium is missing (package chromium)");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox", // tests run as root
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + directory.resolve("chromium"),
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("chromium.log").toFile())
            .start();
    Path port = directory.resolve("chromium/DevToolsActivePort");
    long end = System.nanoTime() + BOUND.toNanos();
    while (!Files.exists(port) || Files.readAllLines(port).size() < 2) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new AssertionError(Files.readString(directory.resolve("chromium.log")));
      }
      Thread.sleep(50);
    }
    return new Chromium(process, Integer.parseInt(Files.readAllLines(port).getFirst()));
  }

  private JsonNode ask(String method, Map<String, ?> parameters) throws Exception {
    int id = ++lastId;
    socket
        .sendText(
            JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    JsonNode answer = answers.poll(BOUND.toSeconds(), TimeUnit.SECONDS);
    if (answer == null || answer.get("id").asInt() != id || answer.has("error")) {
      throw new AssertionError(method + ": " + answer);
    }
    return answer.get("result");
  }

  /** Sets the window's size, and whether the user likes it dark. */
  void look(int width, int height, String scheme) throws Exception {
    ask(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    ask(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void go(String address) throws Exception {
    ask("Page.navigate", Map.of("url", address));
  }

  /** What an expression is, as text. */
  String evaluate(String expression) throws Exception {
    JsonNode result =
        ask(
            "Runtime.evaluate",
            Map.of("expression", "String(" + expression + ")", "returnByValue", true));
    if (result.has("exceptionDetails")) {
      return "error: " + result.get("exceptionDetails");
    }
    return result.get("result").get("value").asText();
  }

  /** Waits until the expression is that. */
  void await(String expression, String wanted) throws Exception {
    long end = System.nanoTime() + BOUND.toNanos();
    String is = evaluate(expression);
    while (!is.equals(wanted)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(expression + " is " + is + ", not " + wanted);
      }
      Thread.sleep(50);
      is = evaluate(expression);
    }
  }

  void screenshot(Path file) throws Exception {
    String png = ask("Page.captureScreenshot", Map.of("format", "png")).get("data").asText();
    Files.write(file, Base64.getDecoder().decode(png));
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.waitFor();
    http.close();
  }
}
