package org.krgboot.dhcp;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the server counts, since its start. Their names are all here. Safe for any thread. */
final class Counters {
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

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

  /** More leases wait for the disk than may; the node will ask again. */
  void storeBusy() {
    add("dhcp.dropped.store-busy");
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
    return all;
  }

  private void add(String name) {
    counts.computeIfAbsent(name, _ -> new LongAdder()).increment();
  }

  private static String metric(Enum<?> why) {
    return why.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
