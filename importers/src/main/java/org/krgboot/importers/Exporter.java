package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.krgboot.model.Ipv4;

/** Writes a configuration in the words of others: the way out. */
public final class Exporter {
  private static final String HEAD = "# written by krgboot export\n";

  private Exporter() {}

  /** ISC's dhcpd.conf. */
  public static Exported dhcpd(Configuration configuration) {
    return DhcpdWriter.write(configuration);
  }

  /**
   * What follows from an address.
   *
   * @param name what a node there is called; empty if that depends on the node
   */
  public record Naming(
      Function<Ipv4, Optional<String>> name, Function<Ipv4, Optional<String>> domain) {}

  /** {@code /etc/hosts}, hosts(5). */
  public static Exported hosts(Configuration configuration, Naming naming) {
    List<Unsaid> unsaid = new ArrayList<>();
    StringBuilder out = new StringBuilder(HEAD);
    named(configuration, naming, unsaid)
        .forEach((address, name) -> {
          out.append(address).append('\t');
          naming
              .domain()
              .apply(address)
              .ifPresent(domain -> out.append(name).append('.').append(domain).append(' '));
          out.append(name).append('\n');
        });
    for (Configuration.Host host : configuration.hosts()) {
      if (host.address().isEmpty()) {
        unsaid.add(
            Unsaid.needless(
                "[[host]] " + host.label(), "it has no address of its own, but one of a range"));
      }
    }
    return new Exported(out.toString(), unsaid);
  }

  /** Every address that nodes can have, with its name. */
  private static Map<Ipv4, String> named(
      Configuration configuration, Naming naming, List<Unsaid> unsaid) {
    Map<Ipv4, String> names = new TreeMap<>();
    for (Configuration.Host host : configuration.hosts()) {
      host.address()
          .ifPresent(address -> {
            Optional<String> name =
                host.name().map(Object::toString).or(() -> naming.name().apply(address));
            name.ifPresentOrElse(
                each -> names.put(address, each), () -> unsaid.add(nameless(address.toString())));
          });
    }
    for (Configuration.Pool pool : pools(configuration)) {
      if (naming.name().apply(pool.range().first()).isEmpty()) {
        unsaid.add(nameless(pool.range().toString()));
      } else {
        pool.range()
            .addresses()
            .forEach(address ->
                naming.name().apply(address).ifPresent(name -> names.putIfAbsent(address, name)));
      }
    }
    return names;
  }

  private static Unsaid nameless(String addresses) {
    return Unsaid.lost(
        addresses, "the name there has {mac} or {host} in it, which is not known beforehand");
  }

  private static List<Configuration.Pool> pools(Configuration configuration) {
    return configuration.subnets().stream().flatMap(subnet -> subnet.pools().stream()).toList();
  }

  /** An inventory of Ansible's in INI form, the hosts by name. */
  public static Exported ansible(Configuration configuration, Naming naming) {
    List<Unsaid> unsaid = new ArrayList<>();
    Map<Ipv4, String> macs = new TreeMap<>();
    for (Configuration.Host host : configuration.hosts()) {
      if (host.address().isEmpty()) {
        unsaid.add(
            Unsaid.lost(
                "[[host]] " + host.label(),
                "it has no address of its own, so no machine of the inventory is it"));
      } else if (host.key() == Configuration.HostKey.MAC) {
        macs.put(host.address().get(), host.id());
      }
    }
    StringBuilder out = new StringBuilder(HEAD).append("[nodes]\n");
    named(configuration, naming, unsaid)
        .forEach((address, name) -> {
          out.append(name).append(" ansible_host=").append(address);
          Optional.ofNullable(macs.get(address)).ifPresent(mac -> out.append(" mac=").append(mac));
          naming.domain().apply(address).ifPresent(domain -> out.append(" domain=").append(domain));
          out.append('\n');
        });
    return new Exported(out.toString(), unsaid);
  }
}
