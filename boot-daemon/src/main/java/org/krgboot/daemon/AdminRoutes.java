package org.krgboot.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeProgress;
import org.krgboot.model.NodeRange;

/** The admin API's paths. What cannot be answered is {@code {"error": …}}, for the user to read. */
final class AdminRoutes extends Handler.Abstract {
  /** A boot is some tens of events; so many tell the last ones of a node. */
  private static final int EVENTS_OF_A_NODE = 500;

  private static final int EVENTS = 1_000;

  private static final String NODE = "/api/nodes/";
  private static final String WHY = "/why";

  private final Cluster cluster;
  private final KnownNodes known;
  private final EventHistory history;
  private final BootDesk desk;
  private final Operator operator;
  private final OperatorRoutes orders;
  private final Serving serving;
  private final InstantSource clock;

  AdminRoutes(
      Cluster cluster,
      KnownNodes known,
      EventHistory history,
      BootDesk desk,
      Operator operator,
      Serving serving) {
    this.cluster = cluster;
    this.known = known;
    this.history = history;
    this.desk = desk;
    this.operator = operator;
    this.orders = new OperatorRoutes(operator, desk, serving.clock());
    this.serving = serving;
    this.clock = serving.clock();
  }

  /**
   * What the daemon knows besides.
   *
   * @param kernels which numbered kernel the node with that address loaded last
   */
  record Serving(
      Supplier<Map<String, Long>> counters,
      Function<Ipv4, Optional<Integer>> kernels,
      InstantSource clock) {}

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
    if (answer.status() != HttpStatus.OK_200 && !HttpMethod.GET.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close"); // as in WebGate
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    Content.Sink.write(response, true, ByteBuffer.wrap(json));
    callback.succeeded();
    return true;
  }

  private Answer answer(Request request) throws IOException {
    String path = Request.getPathInContext(request);
    boolean isOrder = orders.has(path);
    if (isOrder && HttpMethod.POST.is(request.getMethod())) {
      return Answer.ok(orders.answer(path, request));
    }
    if (isOrder || !HttpMethod.GET.is(request.getMethod())) {
      return new Answer(
          HttpStatus.METHOD_NOT_ALLOWED_405,
          Map.of(
              "error",
              "GET asks; only these take POST: " + String.join(" ", OperatorRoutes.paths())));
    }
    if (path.startsWith(NODE)) {
      String who = path.substring(NODE.length());
      return Answer.ok(
          who.endsWith(WHY) ? why(who.substring(0, who.length() - WHY.length())) : node(who));
    }
    Fields query = Request.extractQueryParameters(request);
    return switch (path) {
      case "/api/nodes" -> Answer.ok(rows(query));
      case "/api/events" -> Answer.ok(events(query));
      case "/api/counters" -> Answer.ok(serving.counters().get());
      default ->
          new Answer(
              HttpStatus.NOT_FOUND_404,
              Map.of(
                  "error",
                  "there are /api/nodes, /api/nodes/NAME, /api/nodes/NAME/why, /api/events,"
                      + " /api/counters, /api/stream, /health, /ready, /metrics and, for POST, "
                      + String.join(" ", OperatorRoutes.paths())));
    };
  }

  /** Those that were seen, and those of the configuration that were not. */
  private List<NodeRow> rows(Fields query) {
    return rows(
        isOfAll(query) ? known.all() : known.select(NodeRange.parse(query.getValue("nodes"))),
        clock.instant());
  }

  /**
   * All nodes.
   *
   * @param unseen since when those that nobody has seen are said to be so
   */
  List<NodeRow> all(Instant unseen) {
    return rows(known.all(), unseen);
  }

  private List<NodeRow> rows(List<NodeRange.Identity> nodes, Instant now) {
    return nodes.stream()
        .map(node -> {
          String order = desk.orderOf(node.mac());
          String standing = operator.standing(node.mac());
          return cluster
              .node(node.mac())
              .map(seen -> NodeRow.of(seen, node, order, standing))
              .orElseGet(() -> NodeRow.notSeen(node, order, standing, now));
        })
        .toList();
  }

  private NodeRow row(NodeProgress node) {
    return NodeRow.of(
        node, known.of(node.mac()), desk.orderOf(node.mac()), operator.standing(node.mac()));
  }

  private NodeReport node(String who) throws IOException {
    NodeProgress node = one(who);
    int kernel = node.address().flatMap(serving.kernels()).orElse(0);
    return NodeReport.of(row(node), kernel, timeline(node), node, cluster.nodes());
  }

  private WhyReport why(String who) throws IOException {
    NodeProgress node = one(who);
    BootTimeline timeline = timeline(node);
    if (timeline.boots().isEmpty()) {
      throw new IllegalArgumentException(
          "what " + who + " did is not in the journal; wait for its next step");
    }
    WhyReport report = WhyReport.of(row(node), timeline, clock.instant());
    return operator.fencedSince(node.mac()).map(report::fenced).orElse(report);
  }

  private NodeProgress one(String who) {
    List<NodeRange.Identity> nodes = known.select(NodeRange.parse(who));
    if (nodes.size() != 1) {
      throw new IllegalArgumentException(
          "'" + who + "' means " + nodes.size() + " nodes; name one of them");
    }
    return cluster
        .node(nodes.getFirst().mac())
        .orElseThrow(() ->
            new IllegalArgumentException(
                who
                    + " is configured and has never been seen; switch it on, and look whether it"
                    + " starts from the network and is on this one"));
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
            : history.newestOf(
                known.meant(NodeRange.parse(query.getValue("nodes"))).stream()
                    .map(NodeRange.Identity::mac)
                    .toList(),
                after,
                most);
    return entries.stream().map(entry -> EventRow.of(entry, known, cluster)).toList();
  }

  private static boolean isOfAll(Fields query) {
    String who = query.getValue("nodes");
    return who == null || who.isEmpty();
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
