package org.krgboot.daemon;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Transport;
import org.jspecify.annotations.Nullable;

/** Asks a running daemon. */
public final class AdminClient implements AutoCloseable {
  private static final int SECONDS = 10;

  /** Names in an exports file are looked up, and a resolver takes its time to give up. */
  private static final int RELOAD_SECONDS = 300;

  private final Path socket;
  private final HttpClient http = new HttpClient();

  public AdminClient(Path socket) throws IOException {
    this.socket = socket;
    try {
      http.start();
    } catch (Exception e) {
      throw new IOException("the HTTP client does not start: " + e.getMessage(), e);
    }
  }

  public List<NodeRow> nodes() throws IOException {
    return nodes("");
  }

  /**
   * The nodes of a range, or all.
   *
   * @param who empty for all
   * @throws IOException if the range names none; the message has what was meant
   */
  public List<NodeRow> nodes(String who) throws IOException {
    return get("/api/nodes?nodes=" + encoded(who), new TypeReference<List<NodeRow>>() {});
  }

  /**
   * One node and its last boots.
   *
   * @param who its name, MAC address or address
   * @throws IOException if the daemon knows no such node; the message has what was meant
   */
  public NodeReport node(String who) throws IOException {
    return get("/api/nodes/" + encoded(who), new TypeReference<NodeReport>() {});
  }

  /**
   * Why a node is where it is.
   *
   * @throws IOException as of {@link #node}
   */
  public WhyReport why(String who) throws IOException {
    return get("/api/nodes/" + encoded(who) + "/why", new TypeReference<WhyReport>() {});
  }

  /**
   * The newest events, oldest first.
   *
   * @param who a range of nodes, or empty for all
   * @param after only those with a greater id
   */
  public List<EventRow> events(String who, long after, int most) throws IOException {
    return get(
        "/api/events?nodes=" + encoded(who) + "&after=" + after + "&most=" + most,
        new TypeReference<List<EventRow>>() {});
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public SortedMap<String, Long> counters() throws IOException {
    return new java.util.TreeMap<>(get("/api/counters", new TypeReference<Map<String, Long>>() {}));
  }

  /**
   * What was done.
   *
   * @param number of the configuration that holds now; 0 if it is the same as before
   * @param nodes whom it concerns
   * @param changes in words
   */
  public record Done(long number, List<String> nodes, String changes) {}

  /**
   * Has the daemon read its configuration again.
   *
   * @throws IOException if the old one stays; the message says why, a line a mistake
   */
  public Done reload() throws IOException {
    return order("/api/reload", OperatorRoutes.Order.nothing());
  }

  /** As of {@link #reload}, with the files of that number in the place of those that are there. */
  public Done rollback(long number) throws IOException {
    return order("/api/config/rollback", OperatorRoutes.Order.rollback(number));
  }

  /** Says something of nodes in the configuration; as of {@link #reload}. */
  public Done set(String nodes, Map<String, String> values) throws IOException {
    return order("/api/set", OperatorRoutes.Order.set(nodes, values));
  }

  /** Takes it back; as of {@link #reload}. */
  public Done unset(String nodes, List<String> keys) throws IOException {
    return order("/api/unset", OperatorRoutes.Order.unset(nodes, keys));
  }

  /**
   * Serves nodes that wait; as of {@link #reload}.
   *
   * @param as names for them; empty: none in particular
   */
  public Done approve(List<String> macs, String as) throws IOException {
    return order("/api/approve", OperatorRoutes.Order.approve(macs, as));
  }

  /** Serves these no more; as of {@link #reload}. */
  public Done reject(String nodes) throws IOException {
    return order("/api/reject", OperatorRoutes.Order.of(nodes));
  }

  /**
   * Shuts nodes out of everything.
   *
   * @throws IOException if they are not, or something goes on; the message says which
   */
  public Done fence(String nodes) throws IOException {
    return order("/api/fence", OperatorRoutes.Order.of(nodes));
  }

  /** Lets them in again. */
  public Done unfence(String nodes) throws IOException {
    return order("/api/unfence", OperatorRoutes.Order.of(nodes));
  }

  /**
   * Tells nodes what to boot; gives who they are.
   *
   * @throws IOException if nothing was ordered; the message says why
   */
  public List<String> boot(String nodes, String target, BootOrders.Times times) throws IOException {
    return order("/api/boot", OperatorRoutes.Order.boot(nodes, target, times)).nodes();
  }

  private Done order(String path, OperatorRoutes.Order order) throws IOException {
    String body = EventJson.MAPPER.writeValueAsString(order);
    return ask(
        HttpMethod.POST,
        path,
        new StringRequestContent("application/json", body),
        new TypeReference<Done>() {});
  }

  private <T> T get(String path, TypeReference<T> type) throws IOException {
    return ask(HttpMethod.GET, path, type);
  }

  private <T> T ask(HttpMethod method, String path, TypeReference<T> type) throws IOException {
    return ask(method, path, null, type);
  }

  private <T> T ask(
      HttpMethod method, String path, Request.@Nullable Content body, TypeReference<T> type)
      throws IOException {
    if (!Files.exists(socket)) {
      throw new IOException(
          "no daemon answers at "
              + socket
              + "; start one (krgboot serve), or name the --state-dir that it was given");
    }
    try {
      ContentResponse response =
          http.newRequest("http://localhost" + path)
              .method(method)
              .body(body)
              .transport(new Transport.TCPUnix(socket))
              .timeout(method == HttpMethod.GET ? SECONDS : RELOAD_SECONDS, TimeUnit.SECONDS)
              .send();
      if (response.getStatus() != HttpStatus.OK_200) {
        throw new IOException(
            EventJson.MAPPER
                .readValue(response.getContent(), new TypeReference<Map<String, String>>() {})
                .getOrDefault("error", "the daemon answered " + response.getStatus()));
      }
      return EventJson.MAPPER.readValue(response.getContent(), type);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "no daemon answers at "
              + socket
              + " (as user "
              + System.getProperty("user.name")
              + "): "
              + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      http.stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
