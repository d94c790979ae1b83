package org.krgboot.bootfiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** A program that nodes load first, by the configuration that it then asks for. */
public enum BootLoader {
  PXELINUX,
  IPXE,
  GRUB;

  /**
   * The names that it asks for in turn, until it gets one.
   *
   * @param mac empty where it is not known; the name made of it is left out then
   */
  public List<String> configurationNames(Ipv4 node, Optional<MacAddress> mac) {
    return switch (this) {
      case PXELINUX -> PxelinuxConfig.names(node, mac);
      case IPXE -> List.of(IpxeScript.NAME);
      case GRUB -> GrubConfig.names(node, mac);
    };
  }

  /** The node's address in hexadecimal, then the same with fewer and fewer digits. */
  static List<String> shortened(Ipv4 node) {
    List<String> names = new ArrayList<>();
    for (String hex = node.hex(); !hex.isEmpty(); hex = hex.substring(0, hex.length() - 1)) {
      names.add(hex);
    }
    return names;
  }
}
