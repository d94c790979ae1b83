package org.krgboot.dhcp;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a node's firmware runs on, by the numbers of RFC 4578 section 2.1 and IANA's registry
 * "Processor Architecture Types".
 */
public enum Architecture {
  /** A PC with BIOS; 20 fetches by HTTP. */
  BIOS("bios", 0, 20),
  UEFI_IA32("uefi-ia32", 6, 15),
  /** See {@link FirmwareQuirk#X64_CALLED_BYTE_CODE} for 9. */
  UEFI_X64("uefi-x64", 7, 9, 16),
  UEFI_ARM32("uefi-arm32", 10, 18),
  UEFI_ARM64("uefi-arm64", 11, 19);

  private static final int FIRST_BY_HTTP = 15;
  private static final int LAST_BY_HTTP = 20;

  private final String text;
  private final int[] numbers;

  Architecture(String text, int... numbers) {
    this.text = text;
    this.numbers = numbers;
  }

  /** As in settings and messages. */
  public String text() {
    return text;
  }

  /** The one with that number; empty for those that no boot file is known for. */
  public static Optional<Architecture> of(int number) {
    return Arrays.stream(values())
        .filter(known -> Arrays.stream(known.numbers).anyMatch(n -> n == number))
        .findFirst();
  }

  /** Whether a client with that number wants a URL, RFC 4578's numbers 15 to 20. */
  static boolean isByHttp(int number) {
    return number >= FIRST_BY_HTTP && number <= LAST_BY_HTTP;
  }
}
