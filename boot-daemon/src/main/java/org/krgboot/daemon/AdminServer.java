package org.krgboot.daemon;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The admin API: HTTP and JSON on a Unix socket. Who may open the socket may ask; its directory is
 * open to its owner only.
 */
final class AdminServer implements AutoCloseable {
  /** The kernel's limit on the length of a socket's path, unix(7). */
  private static final int LONGEST_SOCKET_PATH = 107;

  /** Reads again what can change while the daemon runs. */
  @FunctionalInterface
  interface Reload {
    /**
     * Reads it.
     *
     * @return what changed
     * @throws IOException if nothing changed; the message says why
     */
    String run() throws IOException;
  }

  /** What {@code POST /api/boot} takes. */
  record BootRequest(String nodes, String target, boolean once) {
    public BootRequest {
      nodes = Objects.requireNonNullElse(nodes, "");
      target = Objects.requireNonNullElse(target, "");
    }
  }

  /** What it gives: the nodes that were told, or why none was. */
  record BootAnswer(List<String> nodes, String error) {
    public BootAnswer {
      nodes = List.copyOf(nodes);
    }
  }

  /** Longer requests are none of ours. */
  private static final int LONGEST_REQUEST = 64 << 10;

  private final Server server;
  private final Path socket;

  private AdminServer(Server server, Path socket) {
    this.server = server;
    this.socket = socket;
  }

  /**
   * Starts to answer.
   *
   * @param socket made anew; one left by a daemon that was killed is replaced
   * @throws IOException if the socket cannot be made; the message names it
   */
  static AdminServer start(
      Path socket,
      Cluster cluster,
      BootDesk desk,
      Supplier<Map<String, Long>> counters,
      Reload reload)
      throws IOException {
    if (socket.toString().length() > LONGEST_SOCKET_PATH) {
      throw new IOException(
          socket
              + " is too long for a Unix socket (at most "
              + LONGEST_SOCKET_PATH
              + " characters); choose a shorter --state-dir");
    }
    try {
      Files.createDirectories(
          socket.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new IOException(
          "the control socket " + socket + " cannot be made: " + e.getMessage(), e);
    }
    QueuedThreadPool threads = new QueuedThreadPool(8, 1);
    threads.setName("admin");
    threads.setDaemon(true);
    Server server = new Server(threads);
    UnixDomainServerConnector connector = new UnixDomainServerConnector(server, 1, 1);
    connector.setUnixDomainPath(socket);
    server.addConnector(connector);
    server.setHandler(new Routes(cluster, desk, counters, reload));
    try {
      server.start();
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (Exception e) {
      throw new IOException(
          "the control socket " + socket + " cannot be used: " + e.getMessage(), e);
    }
    return new AdminServer(server, socket);
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the admin API did not stop: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(socket);
    }
  }

  /** The API's paths. */
  private static final class Routes extends Handler.Abstract {
    private final Cluster cluster;
    private final BootDesk desk;
    private final Supplier<Map<String, Long>> counters;
    private final Reload reload;

    Routes(Cluster cluster, BootDesk desk, Supplier<Map<String, Long>> counters, Reload reload) {
      this.cluster = cluster;
      this.desk = desk;
      this.counters = counters;
      this.reload = reload;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      String path = Request.getPathInContext(request);
      boolean changes = path.equals("/api/exports/reload") || path.equals("/api/boot");
      if (changes && HttpMethod.POST.is(request.getMethod())) {
        return path.equals("/api/boot")
            ? boot(request, response, callback)
            : reload(response, callback);
      }
      if (changes || !HttpMethod.GET.is(request.getMethod())) {
        return answer(
            response,
            callback,
            HttpStatus.METHOD_NOT_ALLOWED_405,
            Map.of("error", "GET asks; only /api/exports/reload and /api/boot take POST"));
      }
      return switch (path) {
        case "/api/nodes" ->
            answer(
                response,
                callback,
                HttpStatus.OK_200,
                cluster.nodes().stream()
                    .map(node -> NodeRow.of(node, desk.orderOf(node.mac())))
                    .toList());
        case "/api/counters" -> answer(response, callback, HttpStatus.OK_200, counters.get());
        case "/health" -> answer(response, callback, HttpStatus.OK_200, Map.of("status", "up"));
        default ->
            answer(
                response,
                callback,
                HttpStatus.NOT_FOUND_404,
                Map.of(
                    "error",
                    "there are /api/nodes, /api/boot, /api/counters, /api/exports/reload and /health"));
      };
    }

    private boolean boot(Request request, Response response, Callback callback) throws IOException {
      try {
        byte[] body = Content.Source.asInputStream(request).readNBytes(LONGEST_REQUEST);
        BootRequest asked = EventJson.MAPPER.readValue(body, BootRequest.class);
        BootOrders.Times times = asked.once() ? BootOrders.Times.ONCE : BootOrders.Times.ALWAYS;
        List<String> nodes = desk.order(asked.nodes(), asked.target(), times);
        return answer(response, callback, HttpStatus.OK_200, new BootAnswer(nodes, ""));
      } catch (JacksonException | IllegalArgumentException e) {
        BootAnswer why = new BootAnswer(List.of(), String.valueOf(e.getMessage()));
        return answer(response, callback, HttpStatus.BAD_REQUEST_400, why);
      } catch (IOException e) {
        BootAnswer why = new BootAnswer(List.of(), "it cannot be kept: " + e.getMessage());
        return answer(response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500, why);
      }
    }

    private boolean reload(Response response, Callback callback) throws IOException {
      String changes;
      try {
        changes = reload.run();
      } catch (IOException e) {
        return answer(
            response,
            callback,
            HttpStatus.CONFLICT_409,
            Map.of("error", String.valueOf(e.getMessage())));
      }
      return answer(response, callback, HttpStatus.OK_200, Map.of("changes", changes));
    }

    private static boolean answer(Response response, Callback callback, int status, Object body)
        throws IOException {
      byte[] json = EventJson.MAPPER.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      Content.Sink.write(response, true, ByteBuffer.wrap(json));
      callback.succeeded();
      return true;
    }
  }
}
