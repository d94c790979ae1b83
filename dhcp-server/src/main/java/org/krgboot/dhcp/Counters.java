package org.krgboot.dhcp;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What the server counts, since its start. Their names are all here. Safe for any thread. */
final class Counters {
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  /** Of what an operator is to be told at once: a counter that begins at 4 has never risen. */
  private static final List<String> FROM_ZERO =
      List.of(
          "dhcp.ignored." + metric(Answer.Why.NO_ADDRESS),
          "dhcp.dropped.store-failed",
          "dhcp.dropped.store-busy");

  private final LongAccumulator longestCommit = new LongAccumulator(Math::max, 0);

  Counters() {
    FROM_ZERO.forEach(name -> add(name, 0));
  }

  void received() {
    add("dhcp.received");
  }

  void refused(Decoded.Why why) {
    add(why == Decoded.Why.MALFORMED ? "dhcp.malformed" : "dhcp.ignored." + metric(why));
  }

  void ignored(Answer.Why why) {
    add("dhcp.ignored." + metric(why));
  }

  /** One more server than before, whose offers nodes take. */
  void foreignServer() {
    add("dhcp.foreign-servers");
  }

  /** One more than are told of in a minute: somebody makes them up. */
  void foreignServerUntold() {
    add("dhcp.foreign-servers.untold");
  }

  void notProxied(ProxyAnswer.Why why) {
    add("dhcp.ignored." + metric(why));
  }

  /** A message came once more while its answer waits for the disk. */
  void repeated() {
    add("dhcp.ignored.repeated");
  }

  void sent(MessageType type) {
    add("dhcp.sent." + type.metric());
  }

  /** The network did not take a reply. */
  void sendFailed() {
    add("dhcp.dropped.send-failed");
  }

  /** The kernel could not be told where a node is, so it is answered by broadcast. */
  void notIntroduced() {
    add("dhcp.broadcast-instead");
  }

  /** An address is asked for an echo before it is offered. */
  void probed() {
    add("dhcp.probe.sent");
  }

  /** Somebody has answered from there. */
  void probeAnswered() {
    add("dhcp.probe.in-use");
  }

  /** More leases wait for the disk than may; the node will ask again. */
  void storeBusy() {
    add("dhcp.dropped.store-busy");
  }

  /** A batch of leases is on disk. */
  void committed(int nodes, Duration took) {
    long micros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(took.toNanos()));
    add("dhcp.store.batches");
    add("dhcp.store.leases", nodes);
    add("dhcp.store.microseconds", micros);
    longestCommit.accumulate(micros);
  }

  /** A lease could not be written; the node was told to use the one on disk to its end. */
  void renewedReadOnly() {
    add("dhcp.store.renewed-read-only");
  }

  /** The lease could not be written, so the node heard nothing. */
  void storeFailed() {
    add("dhcp.dropped.store-failed");
  }

  /** What was not told, since the same node or too many were told of just before. */
  void eventSuppressed() {
    add("dhcp.events.suppressed");
  }

  void solicitationAnswered() {
    add("ra.answered");
  }

  void solicitationNotAnswered(RouterDiscovery.Why why) {
    add(why == RouterDiscovery.Why.MALFORMED ? "ra.malformed" : "ra.silent." + metric(why));
  }

  /** The network did not take an advertisement, or gave an error instead of a packet. */
  void routerDiscoveryFailed() {
    add("ra.failed");
  }

  Map<String, Long> snapshot() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((name, count) -> all.put(name, count.sum()));
    if (longestCommit.get() > 0) {
      all.put("dhcp.store.longest-microseconds", longestCommit.get());
    }
    return all;
  }

  private void add(String name) {
    add(name, 1);
  }

  private void add(String name, long count) {
    counts.computeIfAbsent(name, _ -> new LongAdder()).add(count);
  }

  private static String metric(Enum<?> why) {
    return why.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
