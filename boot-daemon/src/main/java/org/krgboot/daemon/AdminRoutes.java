package org.krgboot.daemon;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
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
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.krgboot.model.BootTimeline;
import org.krgboot.model.NodeProgress;
import org.krgboot.model.NodeRange;

/** The admin API's paths. What cannot be answered is {@code {"error": …}}, for the user to read. */
final class AdminRoutes extends Handler.Abstract {
  /** A boot is some tens of events; so many tell the last ones of a node. */
  private static final int EVENTS_OF_A_NODE = 500;

  private static final int EVENTS = 1_000;

  /** Longer orders are none of ours. */
  private static final int LONGEST_REQUEST = 64 << 10;

  private static final String NODE = "/api/nodes/";
  private static final String WHY = "/why";

  private final Cluster cluster;
  private final EventHistory history;
  private final BootDesk desk;
  private final Supplier<Map<String, Long>> counters;
  private final AdminServer.Reload reload;
  private final InstantSource clock;

  AdminRoutes(
      Cluster cluster,
      EventHistory history,
      BootDesk desk,
      Supplier<Map<String, Long>> counters,
      AdminServer.Reload reload,
      InstantSource clock) {
    this.cluster = cluster;
    this.history = history;
    this.desk = desk;
    this.counters = counters;
    this.reload = reload;
    this.clock = clock;
  }

  /** What is answered, as JSON. */
  private record Answer(int status, Object body) {
    static Answer ok(Object body) {
      return new Answer(HttpStatus.OK_200, body);
    }

    static Answer error(int status, Exception cause) {
      return new Answer(status, Map.of("error", String.valueOf(cause.getMessage())));
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    Answer answer;
    try {
      answer = answer(request);
    } catch (IllegalArgumentException e) {
      answer = Answer.error(HttpStatus.BAD_REQUEST_400, e);
    } catch (IOException e) {
      answer = Answer.error(HttpStatus.CONFLICT_409, e);
    }
    byte[] json =
        EventJson.MAPPER.writeValueAsString(answer.body()).getBytes(StandardCharsets.UTF_8);
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    Content.Sink.write(response, true, ByteBuffer.wrap(json));
    callback.succeeded();
    return true;
  }

  private Answer answer(Request request) throws IOException {
    String path = Request.getPathInContext(request);
    boolean reloads = path.equals("/api/exports/reload");
    boolean orders = path.equals("/api/boot");
    if (reloads && HttpMethod.POST.is(request.getMethod())) {
      return Answer.ok(Map.of("changes", reload.run()));
    }
    if (orders && HttpMethod.POST.is(request.getMethod())) {
      return Answer.ok(order(request));
    }
    if (reloads || orders || !HttpMethod.GET.is(request.getMethod())) {
      return new Answer(
          HttpStatus.METHOD_NOT_ALLOWED_405,
          Map.of("error", "GET asks; only /api/exports/reload and /api/boot take POST"));
    }
    if (path.startsWith(NODE)) {
      String who = path.substring(NODE.length());
      return Answer.ok(
          who.endsWith(WHY) ? why(who.substring(0, who.length() - WHY.length())) : node(who));
    }
    Fields query = Request.extractQueryParameters(request);
    return switch (path) {
      case "/api/nodes" -> Answer.ok(rows(meant(query)));
      case "/api/events" -> Answer.ok(events(query));
      case "/api/counters" -> Answer.ok(counters.get());
      case "/health" -> Answer.ok(Map.of("status", "up"));
      default ->
          new Answer(
              HttpStatus.NOT_FOUND_404,
              Map.of(
                  "error",
                  "there are /api/nodes, /api/nodes/NAME, /api/nodes/NAME/why, /api/events, /api/counters,"
                      + " /api/boot, /api/exports/reload and /health"));
    };
  }

  private List<NodeRow> rows(List<NodeProgress> nodes) {
    return nodes.stream().map(this::row).toList();
  }

  private NodeRow row(NodeProgress node) {
    return NodeRow.of(node, desk.orderOf(node.mac()));
  }

  /** What {@code POST /api/boot} takes; it answers with the nodes that were told. */
  record BootRequest(String nodes, String target, boolean once) {
    public BootRequest {
      nodes = Objects.requireNonNullElse(nodes, "");
      target = Objects.requireNonNullElse(target, "");
    }
  }

  private List<String> order(Request request) throws IOException {
    byte[] body = Content.Source.asInputStream(request).readNBytes(LONGEST_REQUEST);
    BootRequest asked;
    try {
      asked = EventJson.MAPPER.readValue(body, BootRequest.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("that is no order: " + e.getOriginalMessage(), e);
    }
    BootOrders.Times times = asked.once() ? BootOrders.Times.ONCE : BootOrders.Times.ALWAYS;
    return desk.order(asked.nodes(), asked.target(), times);
  }

  private NodeReport node(String who) throws IOException {
    NodeProgress node = one(who);
    return NodeReport.of(row(node), node, timeline(node), cluster.nodes());
  }

  private WhyReport why(String who) throws IOException {
    NodeProgress node = one(who);
    BootTimeline timeline = timeline(node);
    if (timeline.boots().isEmpty()) {
      throw new IllegalArgumentException(
          "what " + who + " did is not in the journal; wait for its next step");
    }
    return WhyReport.of(row(node), timeline, clock.instant());
  }

  private NodeProgress one(String who) {
    List<NodeProgress> nodes = select(NodeRange.parse(who), cluster.nodes());
    if (nodes.size() != 1) {
      throw new IllegalArgumentException(
          "'" + who + "' means " + nodes.size() + " nodes; name one of them");
    }
    return nodes.getFirst();
  }

  private BootTimeline timeline(NodeProgress node) throws IOException {
    return BootTimeline.of(
        node.mac(),
        history.newestOf(List.of(node.mac()), 0, EVENTS_OF_A_NODE).stream()
            .map(EventHistory.Entry::event)
            .toList());
  }

  private List<EventRow> events(Fields query) throws IOException {
    long after = number(query, "after", 0);
    int most = Math.clamp(number(query, "most", EVENTS), 0, EventHistory.MOST);
    List<EventHistory.Entry> entries =
        isOfAll(query)
            ? history.newest(after, most)
            : history.newestOf(meant(query).stream().map(NodeProgress::mac).toList(), after, most);
    return entries.stream().map(entry -> EventRow.of(entry, cluster)).toList();
  }

  private static boolean isOfAll(Fields query) {
    String who = query.getValue("nodes");
    return who == null || who.isEmpty();
  }

  /** The nodes that the query names; all if it names none. */
  private List<NodeProgress> meant(Fields query) {
    List<NodeProgress> all = cluster.nodes();
    return isOfAll(query) ? all : select(NodeRange.parse(query.getValue("nodes")), all);
  }

  private static List<NodeProgress> select(NodeRange range, List<NodeProgress> nodes) {
    return range.select(
        nodes, node -> new NodeRange.Identity(node.name(), node.mac(), node.address()), Map.of());
  }

  private static long number(Fields query, String name, long otherwise) {
    String text = query.getValue(name);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number for " + name, e);
    }
  }
}
