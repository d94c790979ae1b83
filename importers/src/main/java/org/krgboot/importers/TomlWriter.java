package org.krgboot.importers;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a configuration as krgboot.toml. */
public final class TomlWriter {
  private final StringBuilder out = new StringBuilder();

  private TomlWriter() {}

  /** The whole file. */
  public static String write(Configuration configuration) {
    TomlWriter writer = new TomlWriter();
    writer.out.append("# krgboot.toml, written by krgboot import\n");
    writer.tables(configuration);
    return writer.out.toString();
  }

  private void tables(Configuration configuration) {
    dhcp(configuration);
    settings("tftp", configuration.settings());
    settings("nfs", configuration.settings());
    settings("boot", configuration.settings());
    configuration.networks().forEach(this::network);
    configuration.classes().forEach(this::nodeClass);
    configuration.hosts().forEach(this::host);
  }

  private void dhcp(Configuration configuration) {
    out.append("\n[dhcp]\n");
    Configuration.Policy policy = configuration.policy();
    if (policy.unknown() == Configuration.Unknown.REFUSED) {
      line("unknown", "refuse");
    }
    if (policy.authority() == Configuration.Authority.ONE_OF_SEVERAL) {
      out.append("authoritative = false\n");
    }
    if (policy.key() == Configuration.Key.CLIENT_ID) {
      line("key", "client-id");
    }
    if (policy.delivery() == Configuration.Delivery.BROADCAST) {
      line("reply", "broadcast");
    }
    if (policy.probing() == Configuration.Probing.NONE) {
      out.append("ping-check = false\n");
    }
    configuration
        .settings()
        .forEach((key, value) -> {
          if (key.startsWith("dhcp.")) {
            line(key.substring("dhcp.".length()), value);
          }
        });
    scope(configuration.global());
  }

  private void settings(String table, Map<String, String> settings) {
    boolean headed = false;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      if (setting.getKey().startsWith(table + ".")) {
        if (!headed) {
          out.append("\n[").append(table).append("]\n");
          headed = true;
        }
        line(setting.getKey().substring(table.length() + 1), setting.getValue());
      }
    }
  }

  private void network(Configuration.Network network) {
    out.append("\n[[dhcp.network]]");
    network.name().ifPresent(name -> out.append(" # ").append(Report.printable(name)));
    out.append('\n');
    boolean alone = network.subnets().size() == 1 && network.scope().isEmpty();
    if (alone) {
      subnet(network.subnets().getFirst(), "dhcp.network");
    } else {
      scope(network.scope());
      for (Configuration.ServedSubnet subnet : network.subnets()) {
        out.append("\n[[dhcp.network.subnet]]\n");
        subnet(subnet, "dhcp.network.subnet");
      }
    }
  }

  private void subnet(Configuration.ServedSubnet subnet, String table) {
    line("subnet", subnet.subnet().toString());
    List<String> plain =
        subnet.pools().stream()
            .filter(TomlWriter::isPlain)
            .map(pool -> pool.range().toString())
            .toList();
    if (!plain.isEmpty()) {
      list("range", plain);
    }
    scope(subnet.scope());
    for (Configuration.Pool pool : subnet.pools()) {
      if (!isPlain(pool)) {
        out.append("\n[[").append(table).append(".pool]]\n");
        line("range", pool.range().toString());
        optionalList("allow", pool.allow());
        optionalList("deny", pool.deny());
        scope(pool.scope());
      }
    }
  }

  private static boolean isPlain(Configuration.Pool pool) {
    return pool.allow().isEmpty() && pool.deny().isEmpty() && pool.scope().isEmpty();
  }

  private void nodeClass(Configuration.NodeClass nodeClass) {
    out.append("\n[[dhcp.class]]\n");
    line("name", nodeClass.name());
    Marks marks = nodeClass.marks();
    optionalList("mac-prefix", marks.macs());
    optionalList("vendor-class", marks.vendorClasses());
    optionalList("user-class", marks.userClasses());
    if (!marks.architectures().isEmpty()) {
      out.append("architecture = [").append(String.join(", ", marks.architectures())).append("]\n");
    }
    optionalList("circuit-id", hexadecimal(marks.circuitIds()));
    optionalList("remote-id", hexadecimal(marks.remoteIds()));
    scope(nodeClass.scope());
  }

  private static List<String> hexadecimal(List<String> octets) {
    return octets.stream().map(each -> "0x" + each).toList();
  }

  private void host(Configuration.Host host) {
    String label = host.label().isEmpty() ? "" : " # " + Report.printable(host.label());
    out.append("\n[[host]]").append(label).append('\n');
    switch (host.key()) {
      case MAC -> line("mac", host.id());
      case CLIENT_ID -> line("client-id", "0x" + host.id());
      case DUID -> line("duid", "0x" + host.id());
      case CIRCUIT_ID -> line("circuit-id", "0x" + host.id());
      case REMOTE_ID -> line("remote-id", "0x" + host.id());
    }
    host.address().ifPresent(address -> line("address", address.toString()));
    host.name().ifPresent(name -> line("name", name.text()));
    scope(host.scope());
  }

  private void scope(Scope scope) {
    scope
        .said()
        .forEach((key, values) -> {
          switch (key) {
            case ROUTERS, DNS, NTP -> list(key.text(), values);
            case MAX_MESSAGE_SIZE ->
                out.append(key.text()).append(" = ").append(values.getFirst()).append('\n');
            default -> line(key.text(), values.getFirst());
          }
        });
    if (!scope.extra().isEmpty()) {
      out.append("options = { ").append(options(scope)).append(" }\n");
    }
  }

  private static String options(Scope scope) {
    return scope.extra().values().stream()
        .map(option ->
            option.code()
                + " = { type = \"hex\", value = "
                + quoted(option.octets())
                + (option.sent() == ExtraOption.Sent.ALWAYS ? ", always = true }" : " }"))
        .collect(Collectors.joining(", "));
  }

  private void optionalList(String key, List<String> values) {
    if (!values.isEmpty()) {
      list(key, values);
    }
  }

  private void list(String key, List<String> values) {
    out.append(key).append(" = [");
    out.append(String.join(", ", values.stream().map(TomlWriter::quoted).toList())).append("]\n");
  }

  private void line(String key, String value) {
    out.append(key).append(" = ").append(quoted(value)).append('\n');
  }

  /** A basic string of TOML 1.0. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        quoted.append(String.format("\\u%04X", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
