package org.krgboot.dhcp;

import org.krgboot.model.MacAddress;

/** What makes requests those of one node, see {@link Policy.Key}. */
sealed interface ClientKey {
  /** Known by its hardware address. */
  record ByMac(MacAddress mac) implements ClientKey {}

  /** Known by option 61. */
  record ById(Octets id) implements ClientKey {}

  static ClientKey of(DhcpRequest request, Policy.Key policy) {
    return switch (policy) {
      case MAC -> new ByMac(request.mac());
      case CLIENT_ID ->
          request.options().bytes(OptionCode.CLIENT_ID).length == 0
              ? new ByMac(request.mac())
              : new ById(Octets.of(request.options().bytes(OptionCode.CLIENT_ID)));
    };
  }
}
