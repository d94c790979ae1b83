package org.krgboot.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.Defaults;

/**
 * What comes of the answers: a configuration with what differs from the defaults, and a picture.
 */
final class InitPlan {
  private static final String HEAD =
      """
      # Written by `krgboot init`. What is not said here is as README.md has it; change it freely, and
      # look at it with `krgboot check`.
      """;

  private final InitAnswers answers;
  private final int networks;

  /**
   * A plan.
   *
   * @param networks how many interfaces of this machine could be the boot network's
   */
  InitPlan(InitAnswers answers, int networks) {
    this.answers = answers;
    this.networks = networks;
  }

  /** The configuration file. */
  String toml() {
    StringBuilder text = new StringBuilder(HEAD);
    table(text, "server", server());
    table(text, "dhcp", dhcp());
    table(text, "nfs", nfs());
    table(text, "boot", boot());
    if (answers.addresses() == InitAnswers.Addresses.MAC) {
      List<String> names = names();
      for (int i = 0; i < answers.macs().size(); i++) {
        text.append("\n[[host]]\n");
        text.append(line("mac", answers.macs().get(i).toString())).append('\n');
        text.append(line("address", address(i).toString())).append('\n');
        text.append(line("name", names.get(i))).append('\n');
      }
    }
    return text.toString();
  }

  private static void table(StringBuilder text, String name, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("\n[").append(name).append("]\n");
      lines.forEach(line -> text.append(line).append('\n'));
    }
  }

  private static String line(String key, String value) {
    return key + " = \"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private List<String> server() {
    return networks == 1 ? List.of() : List.of(line("interface", answers.network().name()));
  }

  private List<String> dhcp() {
    List<String> lines = new ArrayList<>();
    switch (answers.addresses()) {
      case RANGE -> {
        if (!usual().equals(Optional.of(answers.range()))) {
          lines.add(line("range", answers.range().toString()));
        }
        if (!isPrefix(Defaults.NAME_PREFIX)) {
          lines.add(line("name-prefix", answers.names()));
        }
      }
      case MAC -> {
        lines.add(line("range", answers.range().toString()));
        lines.add(line("unknown", "refuse"));
      }
      case PROXY -> lines.add(line("mode", "proxy"));
    }
    return lines;
  }

  private boolean isPrefix(String prefix) {
    return answers.names().equals(prefix);
  }

  private Optional<AddressRange> usual() {
    return Defaults.range(answers.network().subnet(), answers.network().address());
  }

  private List<String> nfs() {
    return Path.of(answers.root()).equals(Defaults.NODE_ROOT)
        ? List.of()
        : List.of(line("root", answers.root()));
  }

  private List<String> boot() {
    return answers.kernel().isEmpty() ? List.of() : List.of(line("kernel", answers.kernel()));
  }

  private Ipv4 address(int node) {
    return new Ipv4(answers.first().bits() + node);
  }

  /** What the nodes will be called, in their order. */
  List<String> names() {
    if (answers.names().indexOf('[') >= 0) {
      return NodeRange.parse(answers.names()).names(Map.of()).stream()
          .map(Object::toString)
          .limit(answers.nodes())
          .toList();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < answers.nodes(); i++) {
      names.add(answers.names() + address(i).octet(3));
    }
    return names;
  }

  /** The cluster as a picture. */
  String picture() {
    List<String> nodes = nodes();
    String name =
        answers.network().name()
            + "  "
            + answers.network().address()
            + "/"
            + answers.network().subnet().prefixLength();
    List<String> box = new ArrayList<>(List.of("this machine", services()));
    box.add("root   " + answers.root());
    box.add(
        "kernel " + (answers.kernel().isEmpty() ? "the newest in its boot/" : answers.kernel()));
    int width = box.stream().mapToInt(String::length).max().orElseThrow();
    StringBuilder text = new StringBuilder();
    String edge = "  +" + "-".repeat(width + 2) + "+";
    text.append(edge).append('\n');
    box.forEach(line -> text.append(String.format("  | %-" + width + "s |%n", line)));
    text.append(edge).append('\n');
    String wire = " ".repeat(6) + "|";
    text.append(wire).append("  ").append(name).append('\n');
    if (answers.addresses() == InitAnswers.Addresses.PROXY) {
      text.append("      +-- another DHCP server, which gives the addresses\n");
    }
    nodes.forEach(node -> text.append("      +-- ").append(node).append('\n'));
    return text.toString();
  }

  private String services() {
    return switch (answers.addresses()) {
      case RANGE, MAC -> "DHCP, TFTP, HTTP, NFS";
      case PROXY -> "ProxyDHCP, TFTP, HTTP, NFS";
    };
  }

  private List<String> nodes() {
    return switch (answers.addresses()) {
      case PROXY -> List.of(answers.nodes() + " nodes");
      case RANGE -> shortened(i -> names().get(i) + "  " + address(i), answers.nodes());
      case MAC ->
          shortened(
              i -> names().get(i) + "  " + address(i) + "  " + answers.macs().get(i),
              answers.macs().size());
    };
  }

  private static List<String> shortened(IntFunction<String> of, int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (count <= 5 || i < 2 || i == count - 1) {
        lines.add(of.apply(i));
      } else if (i == 2) {
        lines.add("...");
      }
    }
    return lines;
  }
}
