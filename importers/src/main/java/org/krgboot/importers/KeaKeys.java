package org.krgboot.importers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings of Kea's that have no counterpart here, and why that is. */
final class KeaKeys {
  private static final String STATE = "leases are in krgboot's own state, on disk before an answer";
  private static final String CONTROL = "the daemon is asked by its own commands";
  private static final String DNS = "krgboot does not update DNS";
  private static final String SPEED = "the daemon decides that";
  private static final String FOUND = "hosts are found by all that they are recognised by";

  private static final Map<String, String> NEEDLESS = needless();

  private static final Map<String, String> LOSSES =
      Map.ofEntries(
          Map.entry("config-control", "what is in a database is not read; write it to a file"),
          Map.entry("hosts-database", "what is in a database is not read; write it to a file"),
          Map.entry("hosts-databases", "what is in a database is not read; write it to a file"),
          Map.entry("require-client-classes", "a node is in a class by its test only"),
          Map.entry("evaluate-additional-classes", "a node is in a class by its test only"),
          Map.entry("only-if-required", "a class holds for all nodes that its test holds for"),
          Map.entry(
              "only-in-additional-list", "a class holds for all nodes that its test holds for"),
          Map.entry("template-test", "classes are not made while nodes ask"),
          Map.entry("4o6-interface", "IPv6 is not served"),
          Map.entry("4o6-interface-id", "IPv6 is not served"),
          Map.entry("4o6-subnet", "IPv6 is not served"),
          Map.entry("allocator", "a node gets its last address, else the one longest unused"));

  private KeaKeys() {}

  private static Map<String, String> needless() {
    Map<String, String> all = new HashMap<>();
    put(all, STATE, "lease-database", "expired-leases-processing", "sanity-checks");
    put(all, STATE, "store-extended-info", "cache-threshold", "cache-max-age");
    put(all, STATE, "stash-agent-options");
    put(all, CONTROL, "control-socket", "control-sockets", "server-tag");
    put(all, "logging is set up for the whole daemon", "loggers");
    put(all, SPEED, "multi-threading", "dhcp-queue-control", "parked-packet-limit");
    put(all, SPEED, "statistic-default-sample-count", "statistic-default-sample-age");
    put(all, DNS, "dhcp-ddns", "hostname-char-set", "hostname-char-replacement");
    put(all, FOUND, "host-reservation-identifiers", "reservations-in-subnet");
    put(all, FOUND, "reservations-global", "reservations-out-of-pool", "reservation-mode");
    put(all, FOUND, "reservations-lookup-first", "early-global-reservations-lookup");
    put(all, FOUND, "ip-reservations-unique");
    put(all, "a node gets the lease time, whatever it asks for", "min-valid-lifetime");
    put(all, "a node gets the lease time, whatever it asks for", "max-valid-lifetime");
    put(all, "an offer holds until the node takes it, or a while", "offer-lifetime");
    put(all, "a node is known by its MAC address here", "match-client-id");
    put(all, "a client id is always sent back, RFC 6842", "echo-client-id");
    put(all, "an address that a node declines rests for a while", "decline-probation-period");
    put(all, "T1 and T2 are always sent", "calculate-tee-times");
    put(all, "it numbers what has an address here", "id", "pool-id");
    put(all, "it is a remark", "user-context", "comment", "name", "description");
    put(all, "the interface is found by its address", "interface", "interfaces-config");
    put(all, "IPv6 is not served", "dhcp4o6-port");
    put(all, "nodes are answered as RFC 2131 has it", "compatibility");
    return Map.copyOf(all);
  }

  private static void put(Map<String, String> all, String reason, String... keys) {
    for (String key : keys) {
      all.put(key, reason);
    }
  }

  static void tell(String key, Tree value, Report report) {
    String text = Tree.text(value);
    Optional<String> loss = Optional.ofNullable(LOSSES.get(key));
    if (NEEDLESS.containsKey(key) || key.startsWith("ddns-")) {
      report.needless(value.place(), "'" + key + "': " + NEEDLESS.getOrDefault(key, DNS));
    } else if (key.endsWith("-percent")) {
      percent(key, text, value, report);
    } else if (value instanceof Tree.Sequence list && list.elements().isEmpty()) {
      report.needless(value.place(), "'" + key + "' is empty");
    } else if (loss.isPresent() && !text.equals("false")) {
      report.ignored(value.place(), "'" + key + "': " + loss.get());
    } else if (loss.isPresent()) {
      report.needless(value.place(), "'" + key + "' is not asked for");
    } else if (key.equals("authoritative")) {
      report.ignored(value.place(), "'authoritative' holds for all subnets; say it for all");
    } else {
      report.ignored(value.place(), "'" + key + "' is not known here");
    }
  }

  /** Ours are 0.5 and 0.875, as are Kea's if nobody says otherwise. */
  private static void percent(String key, String text, Tree value, Report report) {
    boolean usual = text.matches(key.startsWith("t1") ? "0?\\.50*" : "0?\\.8750*");
    if (usual) {
      report.needless(value.place(), "'" + key + "': so it is here");
    } else {
      report.ignored(
          value.place(), "'" + key + "': say the times as renew-time and rebind-time instead");
    }
  }
}
