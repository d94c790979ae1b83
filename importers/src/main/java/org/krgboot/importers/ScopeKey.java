package org.krgboot.importers;

/** What a scope can say to its nodes, beside options by their code. */
public enum ScopeKey {
  NEXT_SERVER("next-server"),
  SERVER_NAME("server-name"),
  BOOT_FILE("boot-file"),
  BOOT_FILE_UEFI_IA32("boot-file-uefi-ia32"),
  BOOT_FILE_UEFI_X64("boot-file-uefi-x64"),
  BOOT_FILE_UEFI_ARM32("boot-file-uefi-arm32"),
  BOOT_FILE_UEFI_ARM64("boot-file-uefi-arm64"),
  BOOT_FILE_IPXE("boot-file-ipxe"),
  ROOT_PATH("root-path"),
  NAME("node-name"),
  ROUTERS("router"),
  DNS("dns"),
  NTP("ntp"),
  DOMAIN("domain"),
  MAX_MESSAGE_SIZE("max-message-size"),
  LEASE_TIME("lease-time"),
  RENEW_TIME("renew-time"),
  REBIND_TIME("rebind-time");

  private final String text;

  ScopeKey(String text) {
    this.text = text;
  }

  /** The key of our configuration. */
  public String text() {
    return text;
  }
}
