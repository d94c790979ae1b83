package org.krgboot.dhcp;

import java.util.Optional;

/**
 * What a node's firmware runs on, by the numbers of RFC 4578 section 2.1 and IANA's registry
 * "Processor Architecture Types".
 */
public enum Architecture {
  /** A PC with BIOS. */
  BIOS("bios"),
  UEFI_IA32("uefi-ia32"),
  UEFI_X64("uefi-x64"),
  UEFI_ARM32("uefi-arm32"),
  UEFI_ARM64("uefi-arm64");

  private static final int FIRST_BY_HTTP = 15;
  private static final int LAST_BY_HTTP = 20;

  private final String text;

  Architecture(String text) {
    this.text = text;
  }

  /** As in settings and messages. */
  public String text() {
    return text;
  }

  /** The one with that number; empty for those that no boot file is known for. */
  public static Optional<Architecture> of(int number) {
    return switch (number) {
      case 0, 20 -> Optional.of(BIOS);
      case 6, 15 -> Optional.of(UEFI_IA32);
      // For 9 see FirmwareQuirk.X64_CALLED_BYTE_CODE.
      case 7, 9, 16 -> Optional.of(UEFI_X64);
      case 10, 18 -> Optional.of(UEFI_ARM32);
      case 11, 19 -> Optional.of(UEFI_ARM64);
      default -> Optional.empty();
    };
  }

  /** Whether a client with that number wants a URL. */
  static boolean isByHttp(int number) {
    return number >= FIRST_BY_HTTP && number <= LAST_BY_HTTP;
  }
}
