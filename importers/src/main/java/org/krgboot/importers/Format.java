package org.krgboot.importers;

import java.util.Locale;
import java.util.Optional;

/** What can be imported. */
public enum Format {
  DHCPD_CONF("dhcpd.conf"),
  DHCPD_LEASES("dhcpd.leases"),
  EXPORTS("exports"),
  TFTPD_HPA("tftpd-hpa"),
  PXELINUX("pxelinux"),
  HOSTS("hosts"),
  ETHERS("ethers"),
  KERRIGHED_NODES("kerrighed_nodes"),
  DNSMASQ("dnsmasq"),
  KEA("kea"),
  DRBLPUSH("drblpush"),
  MAC_LIST("macadr"),
  WAREWULF("warewulf");

  private final String text;

  Format(String text) {
    this.text = text;
  }

  /** As said on the command line. */
  public static Optional<Format> named(String name) {
    for (Format format : values()) {
      if (format.text.equals(name)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** The format that a file of that name has. */
  public static Optional<Format> ofFile(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (path.contains("/pxelinux.cfg/")) {
      return Optional.of(PXELINUX);
    }
    return switch (name) {
      case "exports" -> Optional.of(EXPORTS);
      case "tftpd-hpa" -> Optional.of(TFTPD_HPA);
      case "hosts" -> Optional.of(HOSTS);
      case "ethers" -> Optional.of(ETHERS);
      case "kerrighed_nodes" -> Optional.of(KERRIGHED_NODES);
      case "drblpush.conf" -> Optional.of(DRBLPUSH);
      case "nodes.conf" -> Optional.of(WAREWULF);
      default -> byParts(name);
    };
  }

  private static Optional<Format> byParts(String name) {
    if (name.startsWith("dhcpd") && name.endsWith(".leases")) {
      return Optional.of(DHCPD_LEASES);
    }
    if (name.startsWith("dhcpd") || name.startsWith("dhcp3")) {
      return Optional.of(DHCPD_CONF);
    }
    if (name.startsWith("kea") || name.endsWith(".json")) {
      return Optional.of(KEA);
    }
    if (name.startsWith("dnsmasq")) {
      return Optional.of(DNSMASQ);
    }
    return name.startsWith("macadr-") ? Optional.of(MAC_LIST) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
