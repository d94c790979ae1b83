package org.krgboot.dhcp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.Subnet;

/** The how-to's cluster, as a configuration that tests vary by name. */
final class Cluster {
  static final String SERVER = "10.11.12.1";

  /** Broadcast on the wire of the server. */
  static final Arrival ARRIVAL = new Arrival(Ipv4.parse(SERVER), Arrival.Cast.TO_ALL, 68);

  static final Duration LEASE_TIME = Duration.ofHours(12);

  private String subnet = "10.11.12.0/24";
  private String range = "10.11.12.101-10.11.12.199";
  private String server = SERVER;
  private String rootPath = "/NFSROOT/kerrighed";
  private String serverName = "";
  private int nfsPort = 2049;
  private Policy policy = Policy.STANDARD;
  private Duration leaseTime = LEASE_TIME;
  private final List<FixedHost> hosts = new ArrayList<>();
  private final List<NodeClass> classes = new ArrayList<>();
  private final List<Pool> pools = new ArrayList<>();
  private final List<Network> others = new ArrayList<>();

  static Cluster ofTheHowTo() {
    return new Cluster();
  }

  Cluster on(String subnet, String server, String range) {
    this.subnet = subnet;
    this.server = server;
    this.range = range;
    return this;
  }

  Cluster range(String range) {
    this.range = range;
    return this;
  }

  Cluster rootPath(String rootPath) {
    this.rootPath = rootPath;
    return this;
  }

  Cluster serverName(String serverName) {
    this.serverName = serverName;
    return this;
  }

  Cluster nfsPort(int nfsPort) {
    this.nfsPort = nfsPort;
    return this;
  }

  Cluster leaseTime(Duration leaseTime) {
    this.leaseTime = leaseTime;
    return this;
  }

  Cluster refusingUnknown() {
    this.policy = policy.with(Unknown.REFUSED);
    return this;
  }

  Cluster host(MacAddress mac, String address, String name) {
    return host(new HostKey.Mac(mac), address, name);
  }

  Cluster host(HostKey key, String address, String name) {
    hosts.add(
        new FixedHost(
            key,
            Optional.of(address).filter(a -> !a.isEmpty()).map(Ipv4::parse),
            Optional.of(name).filter(n -> !n.isEmpty()).map(NodeName::new),
            ScopeOptions.NONE));
    return this;
  }

  Cluster policy(Policy policy) {
    this.policy = policy;
    return this;
  }

  Cluster inClass(NodeClass one) {
    classes.add(one);
    return this;
  }

  Cluster pool(Pool pool) {
    pools.add(pool);
    return this;
  }

  /** A second network, with the options of the first. */
  Cluster and(String subnet, String server, String range) {
    return and(network(subnet, server, List.of(Pool.of(AddressRange.parse(range)))));
  }

  Cluster and(Network network) {
    others.add(network);
    return this;
  }

  DhcpConfig config() {
    List<Pool> all = new ArrayList<>(pools);
    if (!range.isEmpty()) {
      all.addFirst(Pool.of(AddressRange.parse(range)));
    }
    List<Network> networks = new ArrayList<>(others);
    networks.addFirst(network(subnet, server, all));
    return new DhcpConfig(networks, hosts, classes, policy);
  }

  private Network network(String subnet, String server, List<Pool> pools) {
    ServedSubnet served = new ServedSubnet(Subnet.parse(subnet), pools, ScopeOptions.NONE);
    return new Network(List.of(served), options(server));
  }

  NodeOptions options(String server) {
    Ipv4 address = Ipv4.parse(server);
    return new NodeOptions(
        address,
        nfsPort,
        new ScopeOptions.Builder()
            .serverName(serverName)
            .bootFile("pxelinux.0")
            .rootPath(rootPath)
            .name(NameTemplate.ofPrefix("krgnode"))
            .routers(List.of(address))
            .dns(List.of(address))
            .ntp(List.of(address))
            .domain("mycluster.home")
            .maxMessageSize(2048)
            .leaseTime(leaseTime)
            .build());
  }
}
