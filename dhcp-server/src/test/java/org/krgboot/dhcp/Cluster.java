package org.krgboot.dhcp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.AddressRange;
import org.krgboot.model.FixedHost;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.Subnet;

/** The how-to's cluster, as a configuration that tests vary by name. */
final class Cluster {
  static final String SERVER = "10.11.12.1";
  static final Duration LEASE_TIME = Duration.ofHours(12);

  private String subnet = "10.11.12.0/24";
  private String range = "10.11.12.101-10.11.12.199";
  private String server = SERVER;
  private String rootPath = "/NFSROOT/kerrighed";
  private String serverName = "";
  private int nfsPort = 2049;
  private Unknown unknown = Unknown.ALLOWED;
  private Duration leaseTime = LEASE_TIME;
  private final List<FixedHost> hosts = new ArrayList<>();

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
    this.unknown = Unknown.REFUSED;
    return this;
  }

  Cluster host(MacAddress mac, String address, String name) {
    hosts.add(
        new FixedHost(
            mac,
            Optional.of(address).filter(a -> !a.isEmpty()).map(Ipv4::parse),
            Optional.of(name).filter(n -> !n.isEmpty()).map(NodeName::new)));
    return this;
  }

  DhcpConfig config() {
    return new DhcpConfig(
        Subnet.parse(subnet), AddressRange.parse(range), hosts, unknown, leaseTime, options());
  }

  private NodeOptions options() {
    return new NodeOptions(
        Ipv4.parse(server),
        serverName,
        BootChoice.of("pxelinux.0"),
        rootPath,
        nfsPort,
        "krgnode",
        Optional.of(Ipv4.parse(server)),
        List.of(Ipv4.parse(server)),
        List.of(Ipv4.parse(server)),
        Optional.of("mycluster.home"),
        2048);
  }
}
