package org.krgboot.dhcp;

import java.time.Instant;
import java.util.Optional;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;

/**
 * Decides what to answer where another DHCP server gives the addresses: PXE specification 2.1
 * section 2.2 (ProxyDHCP), and UEFI 2.5 section 23.7 for HTTP boot. Pure.
 */
final class ProxyEngine {
  private ProxyEngine() {}

  /** A broadcast to port 67, which the other server heard as well. */
  static ProxyAnswer decide(DhcpRequest request, ProxyConfig config, Instant now) {
    if (request.isRelayed()) {
      return new ProxyAnswer.Silence(ProxyAnswer.Why.RELAYED);
    }
    return switch (request.type()) {
      case DISCOVER -> answer(request, MessageType.OFFER, config);
      case REQUEST -> taken(request, config, now);
      case DECLINE, RELEASE, INFORM, OFFER, ACK, NAK ->
          new ProxyAnswer.Silence(ProxyAnswer.Why.OTHER_SERVER);
    };
  }

  /** At port 4011, where a node asks that has its address already. */
  static ProxyAnswer decideAtBootPort(DhcpRequest request, ProxyConfig config) {
    boolean asks = request.type() == MessageType.REQUEST || request.type() == MessageType.INFORM;
    return asks && !request.current().equals(Ipv4.ANY)
        ? answer(request, MessageType.ACK, config)
        : new ProxyAnswer.Silence(ProxyAnswer.Why.NOTHING_ASKED);
  }

  private static ProxyAnswer answer(DhcpRequest request, MessageType type, ProxyConfig config) {
    if (!request.isFirmware()) {
      return new ProxyAnswer.Silence(ProxyAnswer.Why.NOT_FIRMWARE);
    }
    return switch (config.boot().of(BootClient.of(request))) {
      case BootChoice.File(String name) -> reply(request, type, name, BootClient.PXE_CLASS, config);
      case BootChoice.Url(String url) -> reply(request, type, url, BootClient.HTTP_CLASS, config);
      case BootChoice.Nothing() -> new ProxyAnswer.Silence(ProxyAnswer.Why.NO_BOOT_FILE);
    };
  }

  private static ProxyAnswer reply(
      DhcpRequest request, MessageType type, String file, String vendorClass, ProxyConfig config) {
    DhcpOptions.Builder options =
        new DhcpOptions.Builder()
            .number8(OptionCode.MESSAGE_TYPE, type.code())
            .address(OptionCode.SERVER_ID, config.server())
            .text(OptionCode.VENDOR_CLASS, vendorClass);
    if (vendorClass.equals(BootClient.PXE_CLASS)) {
      options.bytes(OptionCode.VENDOR_OPTIONS, PxeOptions.of(request));
    }
    options.text(OptionCode.TFTP_SERVER_NAME, config.server().toString());
    options.text(OptionCode.BOOT_FILE_NAME, file);
    for (int code : new int[] {OptionCode.CLIENT_MACHINE, OptionCode.CLIENT_ID}) {
      if (request.options().has(code)) {
        options.bytes(code, request.options().bytes(code));
      }
    }
    return new ProxyAnswer.Reply(
        DhcpReply.to(request, type)
            .broadcastFlag()
            .current(request.current())
            .boot(config.server(), config.server().toString(), file)
            .options(options.build()));
  }

  /** What the node is and where, as far as it says so: the other server's ACK we do not hear. */
  private static ProxyAnswer taken(DhcpRequest request, ProxyConfig config, Instant now) {
    Optional<Ipv4> address = request.chosenServer().flatMap(_ -> request.requestedAddress());
    return address
        .<ProxyAnswer>map(a ->
            new ProxyAnswer.Seen(
                new BootEvent.AddressAcknowledged(
                    now, request.mac(), a, config.nameOf(a, request.mac()), request.client())))
        .orElseGet(() -> new ProxyAnswer.Silence(ProxyAnswer.Why.OTHER_SERVER));
  }
}
