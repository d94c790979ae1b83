package org.krgboot.dhcp;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/** The options of a reply: what must be there, then what the client asked for in its order. */
final class ReplyOptions {
  private ReplyOptions() {}

  /** OFFER and ACK of an address. */
  static DhcpOptions granting(
      DhcpRequest request, MessageType type, NodeName name, Duration time, Terms terms) {
    DhcpOptions.Builder known = facts(request, Optional.of(name), terms);
    known
        .seconds(OptionCode.LEASE_TIME, time.toSeconds())
        .seconds(OptionCode.RENEWAL_TIME, terms.node().renewTime(time).toSeconds())
        .seconds(OptionCode.REBINDING_TIME, terms.node().rebindTime(time).toSeconds());
    if (type == MessageType.ACK && request.wantsRapidCommit()) {
      known.bytes(OptionCode.RAPID_COMMIT, new byte[0]);
    }
    return chosen(request, type, known.build(), terms);
  }

  /** ACK of an INFORM: no times, RFC 2131 section 4.3.5. */
  static DhcpOptions informing(DhcpRequest request, Optional<NodeName> name, Terms terms) {
    return chosen(request, MessageType.ACK, facts(request, name, terms).build(), terms);
  }

  /** NAK: nothing but the reason, RFC 2131 table 3. */
  static DhcpOptions refusing(DhcpRequest request, String reason, Ipv4 serverId) {
    DhcpOptions.Builder options = new DhcpOptions.Builder();
    options.number8(OptionCode.MESSAGE_TYPE, MessageType.NAK.code());
    options.address(OptionCode.SERVER_ID, serverId);
    options.text(OptionCode.MESSAGE, reason);
    return echo(request, options).build();
  }

  private static DhcpOptions chosen(
      DhcpRequest request, MessageType type, DhcpOptions known, Terms terms) {
    DhcpOptions.Builder options = new DhcpOptions.Builder();
    options.number8(OptionCode.MESSAGE_TYPE, type.code());
    options.address(OptionCode.SERVER_ID, terms.serverId());
    copy(OptionCode.LEASE_TIME, known, options);
    copy(OptionCode.RAPID_COMMIT, known, options);
    byte[] wanted = request.options().bytes(OptionCode.PARAMETER_LIST);
    for (byte code : wanted) {
      copy(Byte.toUnsignedInt(code), known, options);
    }
    Set<Integer> always = BootOptions.always(request, terms.node());
    for (int place = 0; place < known.count(); place++) {
      if (wanted.length == 0 || always.contains(known.code(place))) {
        copy(known.code(place), known, options);
      }
    }
    return echo(request, options).build();
  }

  private static void copy(int code, DhcpOptions from, DhcpOptions.Builder to) {
    if (from.has(code)) {
      to.bytes(code, from.bytes(code));
    }
  }

  /**
   * RFC 4578 section 2.3 for 97, RFC 6842 for 61, RFC 3011 for 118, RFC 3046 section 2.2 for 82.
   */
  private static DhcpOptions.Builder echo(DhcpRequest request, DhcpOptions.Builder options) {
    if (request.machine().isPresent()) {
      copy(OptionCode.CLIENT_MACHINE, request.options(), options);
    }
    copy(OptionCode.CLIENT_ID, request.options(), options);
    copy(World.SUBNET_SELECTION, request.options(), options);
    copy(OptionCode.RELAY_AGENT, request.options(), options);
    return options;
  }

  private static DhcpOptions.Builder facts(
      DhcpRequest request, Optional<NodeName> name, Terms terms) {
    NodeOptions node = terms.node();
    DhcpOptions.Builder known = new DhcpOptions.Builder();
    known
        .address(OptionCode.SUBNET_MASK, terms.subnet().netmask())
        .addresses(OptionCode.ROUTERS, node.routers())
        .addresses(OptionCode.DNS_SERVERS, node.dns())
        .address(OptionCode.BROADCAST_ADDRESS, terms.subnet().broadcast())
        .addresses(OptionCode.NTP_SERVERS, node.ntp())
        .text(OptionCode.ROOT_PATH, rootPath(request, node))
        .number16(OptionCode.MAX_MESSAGE_SIZE, node.maxMessageSize());
    name.ifPresent(text -> known.text(OptionCode.HOST_NAME, text.text()));
    node.domain().ifPresent(domain -> known.text(OptionCode.DOMAIN_NAME, domain));
    BootOptions.add(request, node, known);
    return known;
  }

  /** klibc's client does not split options off the path; the kernel needs them. */
  private static String rootPath(DhcpRequest request, NodeOptions node) {
    return request.isLinuxIpconfig() ? node.plainRootPath() : node.rootPathWithOptions();
  }
}
