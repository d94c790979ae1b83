package org.krgboot.importers;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.krgboot.model.Ipv4;

/** Writes a configuration in the words of others: the way out. */
public final class Exporter {
  /** What can be written. */
  public enum Target {
    DHCPD,
    EXPORTS,
    PXELINUX,
    HOSTS,
    ANSIBLE
  }

  private Exporter() {}

  /**
   * The whole text of one file.
   *
   * @param rendered what the daemon would render as pxelinux.cfg/default, and the exports it serves
   */
  public static String write(Target target, Configuration configuration, Rendered rendered) {
    return switch (target) {
      case DHCPD -> DhcpdWriter.write(configuration);
      case EXPORTS -> rendered.exports();
      case PXELINUX -> rendered.pxelinux();
      case HOSTS -> hosts(configuration, rendered);
      case ANSIBLE -> ansible(configuration, rendered);
    };
  }

  /**
   * What only the daemon knows.
   *
   * @param exports as exports(5)
   * @param pxelinux the entry of all nodes
   * @param nameOf what a node at that address is called
   */
  public record Rendered(String exports, String pxelinux, Function<Ipv4, String> nameOf) {}

  private static String hosts(Configuration configuration, Rendered rendered) {
    StringBuilder out = new StringBuilder("# written by krgboot export\n");
    String domain = domain(configuration);
    Map<Ipv4, String> fixed =
        configuration.hosts().stream()
            .filter(host -> host.address().isPresent())
            .collect(
                Collectors.toMap(
                    host -> host.address().orElseThrow(),
                    host -> name(host, rendered),
                    (a, b) -> a,
                    java.util.TreeMap::new));
    for (Configuration.Pool pool : pools(configuration)) {
      pool.range()
          .addresses()
          .forEach(address -> fixed.computeIfAbsent(address, rendered.nameOf()));
    }
    fixed.forEach((address, name) -> {
      out.append(address).append('\t');
      if (!domain.isEmpty()) {
        out.append(name).append('.').append(domain).append(' ');
      }
      out.append(name).append('\n');
    });
    return out.toString();
  }

  private static List<Configuration.Pool> pools(Configuration configuration) {
    return configuration.subnets().stream().flatMap(subnet -> subnet.pools().stream()).toList();
  }

  private static String domain(Configuration configuration) {
    return configuration.global().said().getOrDefault(ScopeKey.DOMAIN, List.of()).stream()
        .findFirst()
        .orElse("");
  }

  private static String name(Configuration.Host host, Rendered rendered) {
    return host.name()
        .map(Object::toString)
        .or(() -> host.address().map(rendered.nameOf()))
        .orElse(host.label());
  }

  /** An inventory in INI form, the hosts that have an address of their own by name. */
  private static String ansible(Configuration configuration, Rendered rendered) {
    StringBuilder out = new StringBuilder("# written by krgboot export\n[nodes]\n");
    for (Configuration.Host host : configuration.hosts()) {
      out.append(name(host, rendered));
      host.address().ifPresent(address -> out.append(" ansible_host=").append(address));
      if (host.key() == Configuration.HostKey.MAC) {
        out.append(" mac=").append(host.id());
      }
      out.append('\n');
    }
    for (Configuration.Pool pool : pools(configuration)) {
      pool.range()
          .addresses()
          .forEach(address ->
              out.append(rendered.nameOf().apply(address))
                  .append(" ansible_host=")
                  .append(address)
                  .append('\n'));
    }
    Optional.of(domain(configuration))
        .filter(domain -> !domain.isEmpty())
        .ifPresent(domain -> out.append("\n[nodes:vars]\ndomain=").append(domain).append('\n'));
    return out.toString();
  }
}
