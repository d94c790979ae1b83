package org.krgboot.dhcp;

import java.util.HashSet;
import java.util.Set;

/** The options by which a node boots, and those that the operator has defined. */
final class BootOptions {
  private static final Set<Integer> OF_PXELINUX =
      Set.of(
          OptionCode.PXELINUX_MAGIC,
          OptionCode.PXELINUX_CONFIG_FILE,
          OptionCode.PXELINUX_PATH_PREFIX,
          OptionCode.PXELINUX_REBOOT_TIME);

  /** RFC 5071 section 3. */
  private static final byte[] MAGIC = {(byte) 0xf1, 0, 0x74, 0x7e};

  /** The PXELINUX that knows HTTP, Syslinux's doc/pxelinux.txt. */
  private static final String HTTP_PXELINUX = "lpxelinux.0";

  private BootOptions() {}

  /** What the client can be told; what the operator has defined goes before all else. */
  static void add(DhcpRequest request, NodeOptions node, DhcpOptions.Builder known) {
    known.text(OptionCode.TFTP_SERVER_NAME, tftpServer(node));
    BootChoice.Told told = node.boot().of(BootClient.of(request));
    switch (told) {
      case BootChoice.File(String name) -> {
        known.text(OptionCode.BOOT_FILE_NAME, name);
        node.boot()
            .httpBase()
            .filter(_ -> name.endsWith(HTTP_PXELINUX))
            .ifPresent(base -> addPrefix(base, name, known));
      }
      case BootChoice.Url(String name) ->
          known
              .text(OptionCode.BOOT_FILE_NAME, name)
              .text(OptionCode.VENDOR_CLASS, BootClient.HTTP_CLASS);
      case BootChoice.Nothing() -> {}
    }
    if (FirmwareQuirk.RASPBERRY_PI_SAYS_BIOS.shows(request)) {
      known
          .text(OptionCode.VENDOR_CLASS, BootClient.PXE_CLASS)
          .bytes(OptionCode.VENDOR_OPTIONS, PxeOptions.of(request));
    }
    addDefined(node, known);
    if (FirmwareQuirk.IPXE_AWAITS_PROXY.shows(request)) {
      known.encapsulated(OptionCode.IPXE, ofIpxe(known.build()));
    }
  }

  /** So that it fetches everything else by HTTP from the directory in which it lies itself. */
  private static void addPrefix(String base, String name, DhcpOptions.Builder known) {
    String directory = name.substring(0, name.length() - HTTP_PXELINUX.length());
    known
        .bytes(OptionCode.PXELINUX_MAGIC, MAGIC)
        .text(
            OptionCode.PXELINUX_PATH_PREFIX,
            base + (base.endsWith("/") ? "" : "/") + directory.replaceFirst("^/+", ""));
  }

  private static void addDefined(NodeOptions node, DhcpOptions.Builder known) {
    if (node.scope().extra().isEmpty()) {
      return;
    }
    DhcpOptions.Builder defined = new DhcpOptions.Builder();
    node.scope().extra().forEach(option -> defined.bytes(option.code(), option.value().bytes()));
    DhcpOptions all = defined.build();
    all.codes().forEach(code -> known.bytes(code, all.bytes(code)));
    if (all.has(OptionCode.CLASSLESS_ROUTES)
        && !all.has(OptionCode.CLASSLESS_ROUTES_OF_MICROSOFT)) {
      known.bytes(OptionCode.CLASSLESS_ROUTES_OF_MICROSOFT, all.bytes(OptionCode.CLASSLESS_ROUTES));
    }
    if (all.codes().stream().anyMatch(OF_PXELINUX::contains)
        && !all.has(OptionCode.PXELINUX_MAGIC)) {
      known.bytes(OptionCode.PXELINUX_MAGIC, MAGIC);
    }
  }

  /** Those of the operator, and that nobody else's offer is to be waited for. */
  private static DhcpOptions ofIpxe(DhcpOptions known) {
    DhcpOptions own = known.within(OptionCode.IPXE);
    DhcpOptions.Builder all = new DhcpOptions.Builder();
    all.number8(OptionCode.IPXE_NO_PROXY_DHCP, 1);
    own.codes().forEach(code -> all.bytes(code, own.bytes(code)));
    return all.build();
  }

  private static String tftpServer(NodeOptions node) {
    return node.serverName().isEmpty() ? node.nextServer().toString() : node.serverName();
  }

  /**
   * What goes out whether it was asked for or not. Firmware does not ask for what PXELINUX, which
   * reads the firmware's answers, needs.
   */
  static Set<Integer> always(DhcpRequest request, NodeOptions node) {
    Set<Integer> always = new HashSet<>();
    if (request.isIpxe()) {
      always.add(OptionCode.IPXE);
    }
    if (request.isFirmware()) {
      always.addAll(OF_PXELINUX);
    }
    boolean byHttp = node.boot().of(BootClient.of(request)) instanceof BootChoice.Url;
    if (byHttp || FirmwareQuirk.RASPBERRY_PI_SAYS_BIOS.shows(request)) {
      always.add(OptionCode.VENDOR_CLASS);
      always.add(OptionCode.VENDOR_OPTIONS);
      always.add(OptionCode.BOOT_FILE_NAME);
    }
    node.scope().extra().stream()
        .filter(option -> option.sent() == OptionValue.Sent.ALWAYS)
        .forEach(option -> always.add(option.code()));
    return always;
  }
}
