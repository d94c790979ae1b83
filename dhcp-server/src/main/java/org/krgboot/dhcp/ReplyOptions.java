package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;

/** The options of a reply: what must be there, then what the client asked for in its order. */
final class ReplyOptions {
  /** Sent to a client that needs them whether it asks or not: most do not know to ask. */
  private static final List<Integer> ALWAYS =
      List.of(OptionCode.VENDOR_CLASS, OptionCode.IPXE, OptionCode.PXELINUX_PATH_PREFIX);

  /** The PXELINUX that knows HTTP. */
  private static final String HTTP_PXELINUX = "lpxelinux.0";

  private ReplyOptions() {}

  /** OFFER and ACK of an address. */
  static DhcpOptions granting(
      DhcpRequest request, MessageType type, Ipv4 address, Duration time, World world) {
    DhcpOptions.Builder known = facts(request, Optional.of(address), world);
    known
        .seconds(OptionCode.LEASE_TIME, time.toSeconds())
        .seconds(OptionCode.RENEWAL_TIME, time.toSeconds() / 2)
        .seconds(OptionCode.REBINDING_TIME, time.toSeconds() * 7 / 8);
    return chosen(request, type, known.build(), world);
  }

  /** ACK of an INFORM: no times, RFC 2131 section 4.3.5. */
  static DhcpOptions informing(DhcpRequest request, Optional<Ipv4> address, World world) {
    return chosen(request, MessageType.ACK, facts(request, address, world).build(), world);
  }

  /** NAK: nothing but the reason, RFC 2131 table 3. */
  static DhcpOptions refusing(DhcpRequest request, String reason, World world) {
    DhcpOptions.Builder options = new DhcpOptions.Builder();
    options.number8(OptionCode.MESSAGE_TYPE, MessageType.NAK.code());
    options.address(OptionCode.SERVER_ID, world.config().options().server());
    options.text(OptionCode.MESSAGE, reason);
    return echo(request, options).build();
  }

  private static DhcpOptions chosen(
      DhcpRequest request, MessageType type, DhcpOptions known, World world) {
    DhcpOptions.Builder options = new DhcpOptions.Builder();
    options.number8(OptionCode.MESSAGE_TYPE, type.code());
    options.address(OptionCode.SERVER_ID, world.config().options().server());
    copy(OptionCode.LEASE_TIME, known, options);
    Set<Integer> wanted = request.wanted().isEmpty() ? known.codes() : request.wanted();
    for (int code : wanted) {
      copy(code, known, options);
    }
    ALWAYS.forEach(code -> copy(code, known, options));
    return echo(request, options).build();
  }

  private static void copy(int code, DhcpOptions from, DhcpOptions.Builder to) {
    if (from.has(code)) {
      to.bytes(code, from.bytes(code));
    }
  }

  /** RFC 6842 for 61, RFC 3046 section 2.2 for 82. */
  private static DhcpOptions.Builder echo(DhcpRequest request, DhcpOptions.Builder options) {
    copy(OptionCode.CLIENT_ID, request.options(), options);
    copy(OptionCode.RELAY_AGENT, request.options(), options);
    return options;
  }

  private static DhcpOptions.Builder facts(
      DhcpRequest request, Optional<Ipv4> address, World world) {
    NodeOptions node = world.config().options();
    DhcpOptions.Builder known = new DhcpOptions.Builder();
    known
        .address(OptionCode.SUBNET_MASK, world.config().subnet().netmask())
        .addresses(OptionCode.ROUTERS, node.router().map(List::of).orElse(List.of()))
        .addresses(OptionCode.DNS_SERVERS, node.dns())
        .address(OptionCode.BROADCAST_ADDRESS, world.config().subnet().broadcast())
        .addresses(OptionCode.NTP_SERVERS, node.ntp())
        .text(OptionCode.ROOT_PATH, rootPath(request, node))
        .number16(OptionCode.MAX_MESSAGE_SIZE, node.maxMessageSize());
    bootFile(request, node, known);
    address.ifPresent(a -> known.text(OptionCode.HOST_NAME, world.nameOf(request.mac(), a).text()));
    node.domain().ifPresent(domain -> known.text(OptionCode.DOMAIN_NAME, domain));
    known.text(OptionCode.TFTP_SERVER_NAME, tftpServer(node));
    if (request.isIpxe()) {
      known.bytes(OptionCode.IPXE, new byte[] {(byte) OptionCode.IPXE_NO_PROXY_DHCP, 1, 1});
    }
    return known;
  }

  private static void bootFile(DhcpRequest request, NodeOptions node, DhcpOptions.Builder known) {
    switch (node.boot().of(BootClient.of(request))) {
      case BootChoice.File(String name) -> {
        known.text(OptionCode.BOOT_FILE_NAME, name);
        boolean knowsHttp = name.endsWith(HTTP_PXELINUX) && request.isFirmware();
        node.boot()
            .httpBase()
            .filter(_ -> knowsHttp)
            .ifPresent(base ->
                known.text(
                    OptionCode.PXELINUX_PATH_PREFIX,
                    base + name.substring(0, name.length() - HTTP_PXELINUX.length())));
      }
      case BootChoice.Url(String url) -> {
        known.text(OptionCode.BOOT_FILE_NAME, url);
        known.text(OptionCode.VENDOR_CLASS, BootClient.HTTP_CLASS);
      }
      case BootChoice.Nothing() -> {}
    }
  }

  private static String tftpServer(NodeOptions node) {
    return node.serverName().isEmpty() ? node.server().toString() : node.serverName();
  }

  /** klibc's client does not split options off the path; the kernel needs them. */
  private static String rootPath(DhcpRequest request, NodeOptions node) {
    return request.isLinuxIpconfig() ? node.plainRootPath() : node.rootPathWithOptions();
  }

  /** Whole seconds left, so that no client believes in a longer lease than is on disk. */
  static Duration left(Binding binding, Instant now, Duration leaseTime) {
    Duration left = Duration.between(now, binding.lease().expires());
    return left.compareTo(leaseTime) > 0 ? leaseTime : Duration.ofSeconds(left.toSeconds());
  }
}
