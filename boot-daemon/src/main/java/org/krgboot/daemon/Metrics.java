package org.krgboot.daemon;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.krgboot.model.BootStage;

/**
 * What is counted, in Prometheus' text format. The names and units are in docs/metrics.md; none has
 * a label for a node, since there are as many of those as strangers care to invent. Pure.
 */
final class Metrics {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final List<MetricSnapshot> metrics = new ArrayList<>();

  /** What of the daemon is told besides its counters. */
  record Facts(Instant started, String version, long residentBytes, Map<String, Boolean> answers) {}

  private Metrics() {}

  static String text(Map<String, Long> counters, List<NodeRow> nodes, Facts facts) {
    Metrics metrics = new Metrics();
    metrics.ofCounters(counters);
    metrics.ofNodes(nodes);
    metrics.of(facts);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(text, new MetricSnapshots(metrics.metrics));
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private void ofCounters(Map<String, Long> counters) {
    Map<String, List<MetricName>> families =
        counters.keySet().stream()
            .map(MetricName::of)
            .collect(Collectors.groupingBy(MetricName::family, TreeMap::new, Collectors.toList()));
    families.forEach((family, members) -> {
      MetricName first = members.getFirst();
      switch (first.kind()) {
        case COUNTER -> metrics.add(counter(members, counters));
        case GAUGE ->
            metrics.add(
                gauge(family, first.help())
                    .dataPoint(point(first.value(counters), Labels.EMPTY))
                    .build());
      }
    });
  }

  private static CounterSnapshot counter(List<MetricName> members, Map<String, Long> counters) {
    MetricName first = members.getFirst();
    CounterSnapshot.Builder snapshot =
        CounterSnapshot.builder().name(first.family()).help(first.help());
    for (MetricName member : members) {
      snapshot.dataPoint(
          CounterDataPointSnapshot.builder()
              .value(member.value(counters))
              .labels(member.labels())
              .build());
    }
    return snapshot.build();
  }

  private void ofNodes(List<NodeRow> nodes) {
    GaugeSnapshot.Builder stages =
        gauge("krgboot_nodes", "Nodes that are known, by how far they got: see docs/metrics.md.");
    List<String> all = new ArrayList<>(BootStage.labels());
    all.add(NodeRow.NOT_SEEN);
    for (String stage : all) {
      long there = nodes.stream().filter(node -> node.stage().equals(stage)).count();
      stages.dataPoint(point((double) there, Labels.of("stage", stage)));
    }
    metrics.add(stages.build());
    long troubled = nodes.stream().filter(node -> !node.trouble().isEmpty()).count();
    metrics.add(
        gauge(
                "krgboot_nodes_in_trouble",
                "Nodes that were refused something since their last step.")
            .dataPoint(point((double) troubled, Labels.EMPTY))
            .build());
  }

  private void of(Facts facts) {
    GaugeSnapshot.Builder answers =
        gauge("krgboot_server_answers", "1 if the server does its work, 0 if it hangs.");
    facts
        .answers()
        .forEach(
            (server, does) -> answers.dataPoint(point(does ? 1 : 0, Labels.of("server", server))));
    metrics.add(answers.build());
    metrics.add(
        gauge("krgboot_start_time_seconds", "When the daemon was started, since 1970.")
            .dataPoint(point(facts.started().toEpochMilli() / 1e3, Labels.EMPTY))
            .build());
    metrics.add(
        gauge("krgboot_resident_memory_bytes", "Memory of the process that is in use.")
            .dataPoint(point((double) facts.residentBytes(), Labels.EMPTY))
            .build());
    metrics.add(
        gauge("krgboot_build", "Always 1; the label says which version this is.")
            .dataPoint(point(1, Labels.of("version", facts.version())))
            .build());
  }

  private static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name(name).help(help);
  }

  private static GaugeDataPointSnapshot point(double value, Labels labels) {
    return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
  }
}
