package org.krgboot.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/** How far each node has got, and when it got there. Pure: times are told to it. */
final class StageTable {
  /** One node's line. */
  static final class Row {
    private final String label;
    private final Map<Stage, Duration> reached = new EnumMap<>(Stage.class);
    private Optional<Ipv4> address = Optional.empty();
    private Optional<NodeName> name = Optional.empty();
    private Stage stage = Stage.POWER_ON;

    private Row(String label) {
      this.label = label;
      reached.put(Stage.POWER_ON, Duration.ZERO);
    }

    Stage stage() {
      return stage;
    }

    Optional<NodeName> name() {
      return name;
    }

    /** When the node got there; empty if it has not, or nobody saw it. */
    Optional<Duration> reached(Stage stage) {
      return Optional.ofNullable(reached.get(stage));
    }

    /** The node's name, or what it is called until it has one. */
    String label() {
      return name.map(NodeName::text).orElse(label);
    }
  }

  /** All stages but the one at which every clock starts. */
  private static final List<Stage> TIMED =
      Stream.of(Stage.values()).filter(stage -> stage != Stage.POWER_ON).toList();

  private final List<Row> rows = new ArrayList<>();

  StageTable(int nodes) {
    for (int node = 1; node <= nodes; node++) {
      rows.add(new Row("node " + node));
    }
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  /**
   * Takes in what was seen of a node. A stage is kept: no later sight takes a node back.
   *
   * @param node from 1
   * @param at since power on
   * @return the line to print if the node got further
   */
  Optional<String> saw(int node, StageSource.Sight sight, Duration at) {
    Row row = rows.get(node - 1);
    sight.address().ifPresent(address -> row.address = Optional.of(address));
    sight.name().ifPresent(name -> row.name = Optional.of(name));
    if (sight.stage().compareTo(row.stage) <= 0) {
      return Optional.empty();
    }
    row.stage = sight.stage();
    row.reached.put(row.stage, at);
    return Optional.of(
        String.format(
            Locale.ROOT, "%6.1f s  %-12s %s", seconds(at), row.label(), row.stage.words()));
  }

  boolean allUp() {
    return rows.stream().allMatch(row -> row.stage == Stage.LOGIN);
  }

  /** The table as it stands, one line a node. */
  List<String> lines(Duration now) {
    return rows.stream()
        .sorted(Comparator.comparing(Row::label))
        .map(row ->
            String.format(
                Locale.ROOT,
                "%-14s %-15s %-16s %6.1f s",
                row.label(),
                row.address.map(Ipv4::toString).orElse("-"),
                row.stage.words(),
                seconds(row.stage == Stage.LOGIN ? upAt(row) : now)))
        .toList();
  }

  private static Duration upAt(Row row) {
    return row.reached(Stage.LOGIN).orElse(Duration.ZERO);
  }

  /** When each node reached each stage, with a heading. */
  List<String> timings() {
    List<String> lines = new ArrayList<>();
    StringBuilder heading = new StringBuilder(String.format(Locale.ROOT, "%-14s", "seconds"));
    for (Stage stage : TIMED) {
      heading.append(String.format(Locale.ROOT, " %s", stage.column()));
    }
    lines.add(heading.toString().stripTrailing());
    for (Row row : rows.stream().sorted(Comparator.comparing(Row::label)).toList()) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-14s", row.label()));
      for (Stage stage : TIMED) {
        String time =
            row.reached(stage)
                .map(at -> String.format(Locale.ROOT, "%.1f", seconds(at)))
                .orElse("-");
        line.append(String.format(Locale.ROOT, " %" + stage.column().length() + "s", time));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
