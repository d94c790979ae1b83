package org.krgboot.importers;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.model.Subnet;

/**
 * What a boot server serves, in the words that all formats share: read from any of them, written to
 * any of them.
 *
 * @param policy what holds for all nodes
 * @param settings of our configuration that are no DHCP, such as {@code tftp.root}
 * @param global what all nodes are told
 * @param classes in the order in which their options are laid over each other, the last one wins
 * @param names of machines, from /etc/hosts and the like
 */
public record Configuration(
    Policy policy,
    NavigableMap<String, String> settings,
    Scope global,
    List<Network> networks,
    List<NodeClass> classes,
    List<Host> hosts,
    List<KnownName> names) {
  public Configuration {
    settings = Collections.unmodifiableNavigableMap(new TreeMap<>(settings));
    networks = List.copyOf(networks);
    classes = List.copyOf(classes);
    hosts = List.copyOf(hosts);
    names = List.copyOf(names);
  }

  /** Which nodes get addresses that the configuration does not name. */
  public enum Unknown {
    ALLOWED,
    REFUSED
  }

  /** Whether a node is told that the address it wants belongs elsewhere. */
  public enum Authority {
    AUTHORITATIVE,
    ONE_OF_SEVERAL
  }

  /** How a node is reached that has no address yet. */
  public enum Delivery {
    BY_FLAG,
    BROADCAST
  }

  /** What makes two requests those of one node. */
  public enum Key {
    MAC,
    CLIENT_ID
  }

  /** Whether an address is tried before it is offered. */
  public enum Probing {
    PING,
    NONE
  }

  /** What holds for all nodes. */
  public record Policy(
      Unknown unknown, Authority authority, Key key, Delivery delivery, Probing probing) {
    static final Policy STANDARD =
        new Policy(
            Unknown.ALLOWED, Authority.AUTHORITATIVE, Key.MAC, Delivery.BY_FLAG, Probing.PING);
  }

  /** One wire, with the subnets on it. */
  public record Network(Optional<String> name, Scope scope, List<ServedSubnet> subnets) {
    public Network {
      subnets = List.copyOf(subnets);
    }
  }

  public record ServedSubnet(Subnet subnet, Scope scope, List<Pool> pools) {
    public ServedSubnet {
      pools = List.copyOf(pools);
    }
  }

  /**
   * Addresses for nodes that have none of their own.
   *
   * @param allow classes that get them, {@code known} and {@code unknown} among them; empty: all
   */
  public record Pool(AddressRange range, List<String> allow, List<String> deny, Scope scope) {
    public Pool {
      allow = List.copyOf(allow);
      deny = List.copyOf(deny);
    }
  }

  public record NodeClass(String name, Marks marks, Scope scope) {}

  /** By what a host is recognised. */
  public enum HostKey {
    MAC,
    CLIENT_ID,
    DUID,
    CIRCUIT_ID,
    REMOTE_ID
  }

  /**
   * A node that is named.
   *
   * @param id what it is recognised by: a MAC address, else hexadecimal
   * @param label what the source called it, which need not be its name
   */
  public record Host(
      String label,
      HostKey key,
      String id,
      Optional<Ipv4> address,
      Optional<NodeName> name,
      Scope scope) {}

  /** A machine's name. */
  public record KnownName(Ipv4 address, List<String> names) {
    public KnownName {
      names = List.copyOf(names);
    }
  }

  /** All subnets of all networks. */
  public List<ServedSubnet> subnets() {
    return networks.stream().flatMap(network -> network.subnets().stream()).toList();
  }
}
