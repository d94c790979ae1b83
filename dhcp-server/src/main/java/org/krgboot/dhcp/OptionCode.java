package org.krgboot.dhcp;

/** Names of DHCP option numbers. RFC 2132 with the section, or the document that assigned them. */
final class OptionCode {
  /** Fills space; has no length. Section 3.1. */
  static final int PAD = 0;

  /** Section 3.3. */
  static final int SUBNET_MASK = 1;

  /** Section 3.5. */
  static final int ROUTERS = 3;

  /** Section 3.8. */
  static final int DNS_SERVERS = 6;

  /** Section 3.14. */
  static final int HOST_NAME = 12;

  /** Section 3.17. */
  static final int DOMAIN_NAME = 15;

  /** Section 3.19: where the node's root file system is. */
  static final int ROOT_PATH = 17;

  /** Section 5.3. */
  static final int BROADCAST_ADDRESS = 28;

  /** Section 8.4: options of the vendor named by option 60, encapsulated. */
  static final int VENDOR_OPTIONS = 43;

  /** Section 8.3. */
  static final int NTP_SERVERS = 42;

  /** Section 9.1. */
  static final int REQUESTED_ADDRESS = 50;

  /** Section 9.2, in seconds. */
  static final int LEASE_TIME = 51;

  /** Section 9.3: the {@code file} or {@code sname} field carries options too. */
  static final int OVERLOAD = 52;

  /** Section 9.6. */
  static final int MESSAGE_TYPE = 53;

  /** Section 9.7: the address of the server that the client chose. */
  static final int SERVER_ID = 54;

  /** Section 9.8: the options that the client wants, in the order of its preference. */
  static final int PARAMETER_LIST = 55;

  /** Section 9.9: why a NAK was sent. */
  static final int MESSAGE = 56;

  /** Section 9.10: the longest message that the sender takes. */
  static final int MAX_MESSAGE_SIZE = 57;

  /** Section 9.11, in seconds. */
  static final int RENEWAL_TIME = 58;

  /** Section 9.12, in seconds. */
  static final int REBINDING_TIME = 59;

  /** Section 9.13. */
  static final int VENDOR_CLASS = 60;

  /** Section 9.14; a server repeats it in its replies, RFC 6842. */
  static final int CLIENT_ID = 61;

  /** Section 9.4. */
  static final int TFTP_SERVER_NAME = 66;

  /** Section 9.5. */
  static final int BOOT_FILE_NAME = 67;

  /** RFC 3004. iPXE sends the bare text without the length byte that the RFC wants. */
  static final int USER_CLASS = 77;

  /** RFC 3046: what a relay tells; a server gives it back unchanged, as the last option. */
  static final int RELAY_AGENT = 82;

  /** RFC 4039: the client takes an ACK for its DISCOVER. */
  static final int RAPID_COMMIT = 80;

  /** RFC 4578 section 2.1: what the client's firmware runs on, two bytes each. */
  static final int CLIENT_ARCHITECTURE = 93;

  /** RFC 4578 section 2.2: which network interface PXE offers. */
  static final int CLIENT_INTERFACE = 94;

  /** RFC 4578 section 2.3: the machine's GUID or UUID; a PXE server repeats it. */
  static final int CLIENT_MACHINE = 97;

  /** RFC 3397. */
  static final int DOMAIN_SEARCH = 119;

  /** RFC 3442. */
  static final int CLASSLESS_ROUTES = 121;

  /** RFC 5071: F1 00 74 7E, without which old PXELINUX does not look at the three after it. */
  static final int PXELINUX_MAGIC = 208;

  /** RFC 5071: the configuration file. */
  static final int PXELINUX_CONFIG_FILE = 209;

  /** RFC 5071: what all file names are prefixed with. */
  static final int PXELINUX_PATH_PREFIX = 210;

  /** RFC 5071: seconds after which a machine that could not boot starts anew. */
  static final int PXELINUX_REBOOT_TIME = 211;

  /** Microsoft's number for {@link #CLASSLESS_ROUTES}. */
  static final int CLASSLESS_ROUTES_OF_MICROSOFT = 249;

  /** iPXE's encapsulated options (ipxe.org, "DHCP options"); only iPXE sends it. */
  static final int IPXE = 175;

  /** Sub-option of {@link #IPXE}: 1 = do not wait for ProxyDHCP offers. */
  static final int IPXE_NO_PROXY_DHCP = 176;

  /** Ends the options. Section 3.2. */
  static final int END = 255;

  private OptionCode() {}

  /** By these client and server agree on a lease; no setting may say something else. */
  static boolean isOfTheServer(int code) {
    return switch (code) {
      case REQUESTED_ADDRESS,
          LEASE_TIME,
          OVERLOAD,
          MESSAGE_TYPE,
          SERVER_ID,
          PARAMETER_LIST,
          MESSAGE,
          MAX_MESSAGE_SIZE,
          RENEWAL_TIME,
          REBINDING_TIME,
          CLIENT_ID,
          RAPID_COMMIT,
          RELAY_AGENT ->
          true;
      default -> false;
    };
  }
}
