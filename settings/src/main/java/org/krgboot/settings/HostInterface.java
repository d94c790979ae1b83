package org.krgboot.settings;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * One IPv4 address of this machine with the interface that has it.
 *
 * @param subnet the network that the address lies in, by its prefix length
 */
public record HostInterface(String name, Ipv4 address, Subnet subnet, Kind kind) {
  public enum Kind {
    LOOPBACK,
    NETWORK
  }

  /** netdevice(7). */
  private static final int IFF_UP = 1;

  /** All IPv4 addresses of the interfaces that are up. */
  public static List<HostInterface> all() throws SocketException {
    List<HostInterface> found = new ArrayList<>();
    for (NetworkInterface nic : NetworkInterface.networkInterfaces().toList()) {
      if (isSwitchedOn(nic)) {
        Kind kind = nic.isLoopback() ? Kind.LOOPBACK : Kind.NETWORK;
        for (InterfaceAddress address : nic.getInterfaceAddresses()) {
          if (address.getAddress() instanceof Inet4Address inet4) {
            Ipv4 ipv4 = Ipv4.of(inet4);
            Subnet subnet = Subnet.around(ipv4, address.getNetworkPrefixLength());
            found.add(new HostInterface(nic.getName(), ipv4, subnet, kind));
          }
        }
      }
    }
    return found;
  }

  /**
   * Switched on, with or without a cable. The JDK's own isUp() also wants a carrier, which a bridge
   * without nodes, or a switch that boots slower than the server, does not give yet.
   */
  private static boolean isSwitchedOn(NetworkInterface nic) throws SocketException {
    try {
      String flags = Files.readString(Path.of("/sys/class/net", nic.getName(), "flags")).strip();
      return (Integer.decode(flags) & IFF_UP) != 0;
    } catch (IOException | NumberFormatException e) {
      return nic.isUp();
    }
  }

  @Override
  public String toString() {
    return name + " (" + address + "/" + subnet.prefixLength() + ")";
  }
}
