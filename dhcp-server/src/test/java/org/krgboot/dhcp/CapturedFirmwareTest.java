package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What real firmware and boot programs sent, see {@code captured.txt}, and what that makes them.
 */
class CapturedFirmwareTest {
  private static final BootChoice CHOICE =
      new BootChoice(
          Optional.of("pxelinux.0"),
          Map.of(Architecture.UEFI_X64, "syslinux.efi"),
          Optional.of("http://10.11.12.1/boot.ipxe"),
          Optional.of("http://10.11.12.1/"));

  static DhcpRequest captured(String name) throws IOException {
    try (InputStream in = CapturedFirmwareTest.class.getResourceAsStream("captured.txt")) {
      byte[] packet =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> line.startsWith(name + " "))
              .map(line -> HexFormat.of().parseHex(line.substring(name.length() + 1)))
              .findFirst()
              .orElseThrow();
      return (DhcpRequest) DhcpCodec.decode(Unpooled.wrappedBuffer(packet));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qemu-ipxe-rom, IPXE, BIOS, http://10.11.12.1/boot.ipxe",
    "ipxe-virtio-bios, IPXE, BIOS, http://10.11.12.1/boot.ipxe",
    "ipxe-virtio-uefi, IPXE, UEFI_X64, http://10.11.12.1/boot.ipxe",
    "ovmf-2022.11-pxe, PXE, UEFI_X64, syslinux.efi",
    "klibc-2.0.12, PXE, BIOS, pxelinux.0",
    "dhclient-4.4.3, PXE, BIOS, pxelinux.0",
    "udhcpc-1.35, PXE, BIOS, pxelinux.0",
    "systemd-networkd-252, PXE, BIOS, pxelinux.0",
    "linux-6.1, PXE, BIOS, pxelinux.0",
  })
  void a_captured_client_is_told_what_it_can_run(
      String name, BootClient.Program program, Architecture architecture, String file)
      throws IOException {
    for (String message : List.of("-discover", "-request")) {
      BootClient client = BootClient.of(captured(name + message));
      assertThat(client).isEqualTo(new BootClient(program, Optional.of(architecture)));
      assertThat(CHOICE.of(client)).isEqualTo(new BootChoice.File(file));
    }
  }

  @Test
  void uefi_http_boot_is_told_a_url() throws IOException {
    BootClient client = BootClient.of(captured("ovmf-2022.11-http-discover"));
    assertThat(client)
        .isEqualTo(
            new BootClient(BootClient.Program.HTTP_BOOT, Optional.of(Architecture.UEFI_X64)));
    assertThat(CHOICE.of(client)).isEqualTo(new BootChoice.Url("http://10.11.12.1/syslinux.efi"));
  }

  /** What a quirk says of itself as "met" is in a capture. */
  @ParameterizedTest
  @CsvSource({
    "USER_CLASS_WITHOUT_LENGTH, qemu-ipxe-rom-discover",
    "IPXE_AWAITS_PROXY, ipxe-virtio-bios-discover",
    "ROOT_PATH_WITHOUT_OPTIONS, klibc-2.0.12-discover",
  })
  void a_quirk_that_was_met_shows_in_a_capture(FirmwareQuirk quirk, String capture)
      throws IOException {
    assertThat(quirk.shows(captured(capture))).isTrue();
    assertThat(quirk.source()).contains("met");
  }

  @Test
  void each_quirk_that_was_met_has_a_capture() {
    List<FirmwareQuirk> met =
        Arrays.stream(FirmwareQuirk.values())
            .filter(quirk -> !quirk.source().contains("Not met by us."))
            .toList();
    assertThat(met)
        .containsExactly(
            FirmwareQuirk.USER_CLASS_WITHOUT_LENGTH,
            FirmwareQuirk.IPXE_AWAITS_PROXY,
            FirmwareQuirk.ROOT_PATH_WITHOUT_OPTIONS);
  }

  @Test
  void what_firmware_tells_of_the_machine_is_read() throws IOException {
    DhcpRequest ovmf = captured("ovmf-2022.11-pxe-discover");
    assertThat(ovmf.machine()).isPresent();
    assertThat(ovmf.architectures()).containsExactly(7);
    assertThat(ovmf.options().bytes(OptionCode.CLIENT_INTERFACE)).containsExactly(1, 3, 0);
    assertThat(ovmf.isFirmware()).isTrue();
    assertThat(ovmf.client()).isEqualTo("PXEClient");
    DhcpRequest ipxe = captured("ipxe-virtio-bios-discover");
    assertThat(ipxe.userClasses()).containsExactly("iPXE");
    assertThat(ipxe.options().within(OptionCode.IPXE).codes()).contains(0x13, 0xeb);
  }
}
