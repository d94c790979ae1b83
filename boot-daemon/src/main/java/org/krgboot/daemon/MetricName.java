package org.krgboot.daemon;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How one of our counters is called in Prometheus. Pure.
 *
 * @param counter our name
 * @param family Prometheus' name, without the {@code _total} that the text format adds to counters
 * @param factor from our unit to the base unit of Prometheus
 */
record MetricName(
    String counter, String family, Labels labels, Kind kind, double factor, String help) {

  /** What a value does over time. */
  enum Kind {
    /** Grows only. */
    COUNTER,
    /** As it is now. */
    GAUGE
  }

  private static final double MICRO = 1e-6;

  /** Those that are one family, told apart by what follows: the label that holds it. */
  private static final Map<String, String> LABELLED =
      Map.of(
          "dhcp.sent.", "message",
          "dhcp.ignored.", "reason",
          "dhcp.dropped.", "reason",
          "ra.silent.", "reason",
          "nfs.calls.", "procedure");

  private static final Set<String> GAUGES =
      Set.of(
          "tftp.active",
          "http.connections",
          "nfs.connections-open",
          "nfs.buffer-bytes",
          "nfs.files-open",
          "dhcp.store.longest-microseconds");

  /** Whose unit, which comes last in Prometheus' names, is in their middle, or is another. */
  private static final Map<String, String> NAMES =
      Map.of(
          "nfs.bytes-read", "krgboot_nfs_read_bytes",
          "nfs.bytes-written", "krgboot_nfs_written_bytes",
          "dhcp.store.microseconds", "krgboot_dhcp_store_seconds",
          "dhcp.store.longest-microseconds", "krgboot_dhcp_store_longest_seconds");

  static MetricName of(String counter) {
    for (Map.Entry<String, String> labelled : LABELLED.entrySet()) {
      if (counter.startsWith(labelled.getKey())) {
        String family = labelled.getKey().substring(0, labelled.getKey().length() - 1);
        Labels labels =
            Labels.of(labelled.getValue(), counter.substring(labelled.getKey().length()));
        String help = "Counter " + labelled.getKey() + "* of `krgboot counters`.";
        return new MetricName(counter, prometheus(family), labels, Kind.COUNTER, 1, help);
      }
    }
    return new MetricName(
        counter,
        NAMES.getOrDefault(counter, prometheus(counter)),
        Labels.EMPTY,
        GAUGES.contains(counter) ? Kind.GAUGE : Kind.COUNTER,
        counter.endsWith("microseconds") ? MICRO : 1,
        "Counter " + counter + " of `krgboot counters`.");
  }

  private static String prometheus(String name) {
    return "krgboot_" + name.replaceAll("[^a-zA-Z0-9]", "_");
  }

  double value(Map<String, Long> counters) {
    return Objects.requireNonNullElse(counters.get(counter), 0L) * factor;
  }
}
