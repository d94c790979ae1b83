package org.krgboot.dhcp;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Names of options, so that a configuration need not say number and type. They are those of
 * dhcpd.conf where it has one. RFC 2132 with the section, or the document that says it.
 */
public enum OptionName {
  /** Section 3.3. */
  SUBNET_MASK("subnet-mask", 1, OptionType.IP),
  /** Section 3.4. */
  TIME_OFFSET("time-offset", 2, OptionType.INT32),
  /** Section 3.5. */
  ROUTERS("routers", 3, OptionType.IP_LIST),
  /** Section 3.6. */
  TIME_SERVERS("time-servers", 4, OptionType.IP_LIST),
  /** Section 3.8. */
  DOMAIN_NAME_SERVERS("domain-name-servers", 6, OptionType.IP_LIST),
  /** Section 3.9. */
  LOG_SERVERS("log-servers", 7, OptionType.IP_LIST),
  /** Section 3.11. */
  LPR_SERVERS("lpr-servers", 9, OptionType.IP_LIST),
  /** Section 3.14. */
  HOST_NAME("host-name", 12, OptionType.TEXT),
  /** Section 3.15. */
  BOOT_SIZE("boot-size", 13, OptionType.UINT16),
  /** Section 3.17. */
  DOMAIN_NAME("domain-name", 15, OptionType.TEXT),
  /** Section 3.18. */
  SWAP_SERVER("swap-server", 16, OptionType.IP),
  /** Section 3.19. */
  ROOT_PATH("root-path", 17, OptionType.TEXT),
  /** Section 3.20. */
  EXTENSIONS_PATH("extensions-path", 18, OptionType.TEXT),
  /** Section 4.1. */
  IP_FORWARDING("ip-forwarding", 19, OptionType.BOOLEAN),
  /** Section 4.5. */
  DEFAULT_IP_TTL("default-ip-ttl", 23, OptionType.UINT8),
  /** Section 5.1. */
  INTERFACE_MTU("interface-mtu", 26, OptionType.UINT16),
  /** Section 5.3. */
  BROADCAST_ADDRESS("broadcast-address", 28, OptionType.IP),
  /** Section 5.6. */
  ROUTER_DISCOVERY("router-discovery", 31, OptionType.BOOLEAN),
  /** Section 5.8. */
  STATIC_ROUTES("static-routes", 33, OptionType.IP_LIST),
  /** Section 6.2. */
  ARP_CACHE_TIMEOUT("arp-cache-timeout", 35, OptionType.UINT32),
  /** Section 7.1. */
  DEFAULT_TCP_TTL("default-tcp-ttl", 37, OptionType.UINT8),
  /** Section 8.1. */
  NIS_DOMAIN("nis-domain", 40, OptionType.TEXT),
  /** Section 8.2. */
  NIS_SERVERS("nis-servers", 41, OptionType.IP_LIST),
  /** Section 8.3. */
  NTP_SERVERS("ntp-servers", 42, OptionType.IP_LIST),
  /** Section 8.4. */
  VENDOR_ENCAPSULATED_OPTIONS("vendor-encapsulated-options", 43, OptionType.HEX),
  /** Section 8.5. */
  NETBIOS_NAME_SERVERS("netbios-name-servers", 44, OptionType.IP_LIST),
  /** Section 8.7. */
  NETBIOS_NODE_TYPE("netbios-node-type", 46, OptionType.UINT8),
  /** Section 8.8. */
  NETBIOS_SCOPE("netbios-scope", 47, OptionType.TEXT),
  /** Section 8.9. */
  FONT_SERVERS("font-servers", 48, OptionType.IP_LIST),
  /** Section 8.10. */
  X_DISPLAY_MANAGER("x-display-manager", 49, OptionType.IP_LIST),
  /** Section 9.13. */
  VENDOR_CLASS_IDENTIFIER("vendor-class-identifier", 60, OptionType.TEXT),
  /** Section 9.4. */
  TFTP_SERVER_NAME("tftp-server-name", 66, OptionType.TEXT),
  /** Section 9.5. */
  BOOTFILE_NAME("bootfile-name", 67, OptionType.TEXT),
  /** Section 8.14. */
  SMTP_SERVER("smtp-server", 69, OptionType.IP_LIST),
  /** RFC 4833. */
  TZ_POSIX("tz-posix", 100, OptionType.TEXT),
  /** RFC 4833. */
  TZ_NAME("tz-name", 101, OptionType.TEXT),
  /** RFC 8910. */
  CAPTIVE_PORTAL("captive-portal", 114, OptionType.TEXT),
  /** RFC 3397. */
  DOMAIN_SEARCH("domain-search", 119, OptionType.DOMAIN_LIST),
  /** RFC 3442. */
  CLASSLESS_STATIC_ROUTES("classless-static-routes", 121, OptionType.ROUTES),
  /** RFC 5859. */
  TFTP_SERVER_ADDRESS("tftp-server-address", 150, OptionType.IP_LIST),
  /** ipxe.org, "DHCP options". */
  IPXE("ipxe", 175, OptionType.ENCAPSULATED),
  /** RFC 5071. */
  PXELINUX_CONFIG_FILE("pxelinux-config-file", 209, OptionType.TEXT),
  /** RFC 5071. */
  PXELINUX_PATH_PREFIX("pxelinux-path-prefix", 210, OptionType.TEXT),
  /** RFC 5071. */
  PXELINUX_REBOOT_TIME("pxelinux-reboot-time", 211, OptionType.UINT32),
  /** Microsoft, [MS-DHCPE] section 2.2.8: {@link #CLASSLESS_STATIC_ROUTES} for older Windows. */
  MS_CLASSLESS_STATIC_ROUTES("ms-classless-static-routes", 249, OptionType.ROUTES),
  /** draft-ietf-wrec-wpad-01 section 4.4.1. */
  WPAD_URL("wpad-url", 252, OptionType.TEXT);

  private final String text;
  private final int code;
  private final OptionType type;

  OptionName(String text, int code, OptionType type) {
    this.text = text;
    this.code = code;
    this.type = type;
  }

  /** As written in a configuration. */
  public String text() {
    return text;
  }

  public int code() {
    return code;
  }

  /** The type that the option has by its document. */
  public OptionType type() {
    return type;
  }

  /** The option of that name. */
  public static Optional<OptionName> of(String text) {
    return Arrays.stream(values()).filter(name -> name.text.equals(text)).findFirst();
  }

  /** The option with that number. */
  public static Optional<OptionName> of(int code) {
    return Arrays.stream(values()).filter(name -> name.code == code).findFirst();
  }

  /** All names, for a message. */
  public static String names() {
    return Arrays.stream(values()).map(OptionName::text).collect(Collectors.joining(", "));
  }
}
