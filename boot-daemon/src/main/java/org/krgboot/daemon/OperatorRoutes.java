package org.krgboot.daemon;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** The paths of the admin API that change something. They take POST. */
final class OperatorRoutes {
  /** Longer orders are none of ours: 65,536 MAC addresses. */
  private static final int LONGEST_REQUEST = 2 << 20;

  private static final Set<String> PATHS =
      Set.of(
          "/api/reload",
          "/api/config/rollback",
          "/api/boot",
          "/api/set",
          "/api/unset",
          "/api/approve",
          "/api/reject",
          "/api/fence",
          "/api/unfence");

  private final Operator operator;
  private final BootDesk desk;
  private final InstantSource clock;

  OperatorRoutes(Operator operator, BootDesk desk, InstantSource clock) {
    this.operator = operator;
    this.desk = desk;
    this.clock = clock;
  }

  /**
   * What they take, each what it needs of it.
   *
   * @param nodes a range
   * @param as names for them
   */
  record Order(
      String nodes,
      String target,
      boolean once,
      Map<String, String> values,
      List<String> words,
      String as,
      long number) {
    public Order {
      nodes = Objects.requireNonNullElse(nodes, "");
      target = Objects.requireNonNullElse(target, "");
      values = Objects.requireNonNullElse(values, Map.of());
      words = Objects.requireNonNullElse(words, List.of());
      as = Objects.requireNonNullElse(as, "");
    }

    static Order nothing() {
      return new Order("", "", false, Map.of(), List.of(), "", 0);
    }

    static Order of(String nodes) {
      return new Order(nodes, "", false, Map.of(), List.of(), "", 0);
    }

    static Order boot(String nodes, String target, BootOrders.Times times) {
      return new Order(nodes, target, times == BootOrders.Times.ONCE, Map.of(), List.of(), "", 0);
    }

    static Order set(String nodes, Map<String, String> values) {
      return new Order(nodes, "", false, values, List.of(), "", 0);
    }

    static Order unset(String nodes, List<String> keys) {
      return new Order(nodes, "", false, Map.of(), keys, "", 0);
    }

    static Order approve(List<String> macs, String as) {
      return new Order("", "", false, Map.of(), macs, as, 0);
    }

    static Order rollback(long number) {
      return new Order("", "", false, Map.of(), List.of(), "", number);
    }
  }

  boolean has(String path) {
    return PATHS.contains(path);
  }

  static Set<String> paths() {
    return new TreeSet<>(PATHS);
  }

  /**
   * Does it.
   *
   * @throws IllegalArgumentException if the order makes no sense; the message says why
   * @throws IOException if nothing was done; the message says why
   */
  Operator.Done answer(String path, Request request) throws IOException {
    Order order = order(request);
    return switch (path) {
      case "/api/reload" -> operator.reload("krgboot reload");
      case "/api/config/rollback" -> operator.rollback(order.number());
      case "/api/boot" -> {
        BootOrders.Times times = order.once() ? BootOrders.Times.ONCE : BootOrders.Times.ALWAYS;
        yield new Operator.Done(
            0, desk.order(order.nodes(), order.target(), times, clock.instant()), order.target());
      }
      case "/api/set" -> operator.set(order.nodes(), order.values());
      case "/api/unset" -> operator.unset(order.nodes(), order.words());
      case "/api/approve" -> operator.approve(order.words(), order.as());
      case "/api/reject" -> operator.reject(order.nodes());
      case "/api/fence" -> operator.fence(order.nodes());
      case "/api/unfence" -> operator.unfence(order.nodes());
      default -> throw new IllegalArgumentException("no such order: " + path);
    };
  }

  private static Order order(Request request) throws IOException {
    byte[] body = Content.Source.asInputStream(request).readNBytes(LONGEST_REQUEST);
    try {
      return body.length == 0 ? Order.nothing() : EventJson.MAPPER.readValue(body, Order.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("that is no order: " + e.getOriginalMessage(), e);
    }
  }
}
