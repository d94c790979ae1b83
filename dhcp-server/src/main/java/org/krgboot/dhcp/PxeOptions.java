package org.krgboot.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** PXE's options within option 43, of the PXE specification 2.1 section 2.2, table 2-1. */
final class PxeOptions {
  /** PXE_DISCOVERY_CONTROL. */
  static final int DISCOVERY_CONTROL = 6;

  /** PXE_BOOT_MENU: each with a type of boot server, a length, and what the node shows. */
  private static final int BOOT_MENU = 9;

  /** PXE_MENU_PROMPT: a time-out, and what the node shows. */
  private static final int MENU_PROMPT = 10;

  /** PXE_BOOT_ITEM: which type and layer of boot server is asked, and answers. */
  static final int BOOT_ITEM = 71;

  /** Bit 3 of the control: load the boot file of this offer, ask nobody further. */
  private static final int BOOT_FILE_OF_THE_OFFER = 8;

  /** Bits 0 and 1 of the control: no boot server is looked for. */
  private static final int NO_DISCOVERY = 3;

  /** All that the board looks for; it shows no menu. raspberrypi/documentation#1686. */
  private static final String RASPBERRY_PI = "Raspberry Pi Boot";

  private PxeOptions() {}

  /**
   * What a node that boots by PXE is to do with our offer: load its boot file. Without it UEFI asks
   * at port 4011 once more (tianocore/edk2#8149).
   */
  static byte[] of(DhcpRequest request) {
    DhcpOptions.Builder inner = new DhcpOptions.Builder();
    if (FirmwareQuirk.RASPBERRY_PI_SAYS_BIOS.shows(request)) {
      return encoded(ofRaspberryPi(inner));
    }
    inner.number8(DISCOVERY_CONTROL, BOOT_FILE_OF_THE_OFFER);
    DhcpOptions asked = request.options().within(OptionCode.VENDOR_OPTIONS);
    if (asked.bytes(BOOT_ITEM).length == 4) {
      inner.bytes(BOOT_ITEM, asked.bytes(BOOT_ITEM));
    }
    return encoded(inner);
  }

  private static DhcpOptions.Builder ofRaspberryPi(DhcpOptions.Builder inner) {
    ByteArrayOutputStream menu = new ByteArrayOutputStream();
    menu.writeBytes(new byte[] {0, 0, (byte) RASPBERRY_PI.length()});
    menu.writeBytes(RASPBERRY_PI.getBytes(StandardCharsets.US_ASCII));
    return inner
        .number8(DISCOVERY_CONTROL, NO_DISCOVERY)
        .bytes(MENU_PROMPT, new byte[] {0, 'P', 'X', 'E'})
        .bytes(BOOT_MENU, menu.toByteArray());
  }

  /** PXE wants END within it, too. */
  private static byte[] encoded(DhcpOptions.Builder inner) {
    byte[] all =
        new DhcpOptions.Builder()
            .encapsulated(OptionCode.VENDOR_OPTIONS, inner.build())
            .build()
            .bytes(OptionCode.VENDOR_OPTIONS);
    byte[] ended = Arrays.copyOf(all, all.length + 1);
    ended[all.length] = (byte) OptionCode.END;
    return ended;
  }
}
