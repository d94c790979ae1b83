package org.krgboot.cli;

import java.util.List;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.settings.HostInterface;

/**
 * What {@code krgboot init} was told.
 *
 * @param nodes how many
 * @param names of the nodes: "krgnode" for krgnode101, krgnode102 ... after their addresses, or one
 *     for each as in krgnode[01-15]
 * @param macs of the nodes, where only these are served
 * @param kernel empty for the newest
 */
record InitAnswers(
    HostInterface network,
    Addresses addresses,
    int nodes,
    Ipv4 first,
    String names,
    List<MacAddress> macs,
    String root,
    String kernel) {
  /** How nodes get their addresses. */
  enum Addresses {
    /** Whoever asks gets the next free one, and keeps it. */
    RANGE,
    /** Only nodes whose MAC addresses are given, each its own. */
    MAC,
    /** Another DHCP server gives them. */
    PROXY;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  InitAnswers {
    macs = List.copyOf(macs);
  }

  /** The addresses of the nodes. */
  AddressRange range() {
    return new AddressRange(first, new Ipv4(first.bits() + nodes - 1));
  }
}
