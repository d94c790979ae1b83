package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.discover;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootChoiceTest {
  private static final Map<Architecture, String> FILES =
      Map.of(
          Architecture.UEFI_IA32, "efi32/syslinux.efi",
          Architecture.UEFI_X64, "efi64/syslinux.efi",
          Architecture.UEFI_ARM64, "grubaa64.efi");
  private static final Optional<String> SCRIPT = Optional.of("http://10.11.12.1/boot.ipxe");
  private static final Optional<String> BASE = Optional.of("http://10.11.12.1");
  private static final BootChoice PLAIN =
      new BootChoice(Optional.of("pxelinux.0"), FILES, Optional.empty(), Optional.empty());
  private static final BootChoice ALL =
      new BootChoice(Optional.of("pxelinux.0"), FILES, SCRIPT, BASE);

  private static String told(BootChoice choice, Packets request) {
    return switch (choice.of(BootClient.of(request.decoded()))) {
      case BootChoice.File(String name) -> name;
      case BootChoice.Url(String url) -> "60 and " + url;
      case BootChoice.Nothing() -> "nothing";
    };
  }

  private static Packets rom(int architecture) {
    String number = "%05d".formatted(architecture);
    boolean http = architecture >= 15 && architecture <= 20;
    return discover(NODE_1)
        .option(93, architecture >> 8, architecture & 255)
        .option(94, 1, 3, 16)
        .text(60, (http ? "HTTP" : "PXE") + "Client:Arch:" + number + ":UNDI:003016");
  }

  private static Packets ipxe(int architecture) {
    return rom(architecture).text(77, "iPXE").option(175, 0xb1, 1, 1, 0x13, 1, 1, 0x24, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, pxelinux.0",
    "6, efi32/syslinux.efi",
    "7, efi64/syslinux.efi",
    "9, efi64/syslinux.efi",
    "11, grubaa64.efi",
    "15, 60 and http://10.11.12.1/efi32/syslinux.efi",
    "16, 60 and http://10.11.12.1/efi64/syslinux.efi",
    "19, 60 and http://10.11.12.1/grubaa64.efi",
    "20, 60 and http://10.11.12.1/pxelinux.0",
    "10, nothing",
    "18, nothing",
    "17, nothing",
    "14, nothing",
    "999, nothing",
  })
  void firmware_gets_the_file_of_its_architecture(int architecture, String file) {
    assertThat(told(ALL, rom(architecture))).isEqualTo(file);
  }

  @Test
  void a_client_that_does_not_say_what_it_is_gets_the_file_of_bios() {
    assertThat(told(ALL, discover(NODE_1))).isEqualTo("pxelinux.0");
    assertThat(told(ALL, discover(NODE_1).text(60, "Linux ipconfig"))).isEqualTo("pxelinux.0");
  }

  @Test
  void the_first_architecture_that_is_known_counts() {
    assertThat(told(ALL, discover(NODE_1).option(93, 0, 99, 0, 7, 0, 0)))
        .isEqualTo("efi64/syslinux.efi");
  }

  @ParameterizedTest
  @CsvSource({
    "0, pxelinux.0, http://10.11.12.1/boot.ipxe",
    "7, efi64/syslinux.efi, http://10.11.12.1/boot.ipxe",
    "11, grubaa64.efi, http://10.11.12.1/boot.ipxe",
  })
  void ipxe_gets_its_script_or_the_file_of_its_architecture(int number, String plain, String all) {
    assertThat(told(PLAIN, ipxe(number))).isEqualTo(plain);
    assertThat(told(ALL, ipxe(number))).isEqualTo(all);
  }

  @Test
  void ipxe_without_http_gets_no_url() {
    Packets small = rom(0).text(77, "iPXE").option(175, 0xb1, 1, 1, 0x21, 1, 1);
    assertThat(told(ALL, small)).isEqualTo("pxelinux.0");
    assertThat(told(ALL, rom(0).text(77, "iPXE"))).isEqualTo("http://10.11.12.1/boot.ipxe");
    BootChoice byTftp =
        new BootChoice(
            Optional.of("undionly.kpxe"), FILES, Optional.of("boot.ipxe"), Optional.empty());
    assertThat(told(byTftp, small)).isEqualTo("boot.ipxe");
  }

  @Test
  void ipxe_never_gets_ipxe() {
    BootChoice chain = new BootChoice(Optional.of("undionly.kpxe"), Map.of(), SCRIPT, BASE);
    assertThat(told(chain, rom(0))).isEqualTo("undionly.kpxe");
    assertThat(told(chain, ipxe(0))).isEqualTo("http://10.11.12.1/boot.ipxe");
    Packets small = rom(0).text(77, "iPXE").option(175, 0x21, 1, 1);
    assertThat(told(chain, small)).isEqualTo("nothing");
    BootChoice byArchitecture =
        new BootChoice(
            Optional.of("pxelinux.0"),
            Map.of(Architecture.UEFI_X64, "boot/snponly.efi"),
            Optional.empty(),
            Optional.empty());
    assertThat(told(byArchitecture, rom(7))).isEqualTo("boot/snponly.efi");
    assertThat(told(byArchitecture, ipxe(7))).isEqualTo("nothing");
  }

  @Test
  void a_choice_that_would_loop_is_refused() {
    for (String binary : new String[] {"undionly.kpxe", "ipxe/ipxe.efi", "IPXE.pxe", "x.kkpxe"}) {
      assertThatThrownBy(() -> BootChoice.of(binary)).hasMessageContaining("say what iPXE gets");
      assertThatThrownBy(() ->
              new BootChoice(
                  Optional.of("pxelinux.0"), Map.of(), Optional.of(binary), Optional.empty()))
          .hasMessageContaining("give it a script");
    }
    assertThat(BootChoice.of("ipxe/pxelinux.0").file()).isPresent();
  }

  @Test
  void http_boot_is_told_nothing_where_there_is_no_http() {
    assertThat(told(PLAIN, rom(16))).isEqualTo("nothing");
    BootChoice elsewhere = BootChoice.of("http://10.11.12.9/shimx64.efi");
    assertThat(told(elsewhere, rom(16))).isEqualTo("60 and http://10.11.12.9/shimx64.efi");
  }

  @Test
  void a_program_of_bios_is_not_given_to_uefi() {
    BootChoice one = BootChoice.of("pxelinux.0");
    assertThat(told(one, rom(0))).isEqualTo("pxelinux.0");
    assertThat(told(one, rom(7))).isEqualTo("nothing");
    assertThat(told(BootChoice.of("shimx64.efi"), rom(7))).isEqualTo("shimx64.efi");
  }

  @Test
  void a_file_for_all_nodes_of_a_scope_takes_the_place_of_what_was_said_further_out() {
    BootChoice inner = BootChoice.of("memtest.efi");
    assertThat(told(inner.over(ALL), rom(7))).isEqualTo("memtest.efi");
    assertThat(told(inner.over(ALL), ipxe(7))).isEqualTo("memtest.efi");
    assertThat(told(inner.over(ALL), rom(16))).isEqualTo("60 and http://10.11.12.1/memtest.efi");
    BootChoice one =
        new BootChoice(
            Optional.empty(),
            Map.of(Architecture.UEFI_X64, "shimx64.efi"),
            Optional.empty(),
            Optional.empty());
    assertThat(told(one.over(ALL), rom(7))).isEqualTo("shimx64.efi");
    assertThat(told(one.over(ALL), rom(0))).isEqualTo("pxelinux.0");
    assertThat(told(one.over(ALL), rom(6))).isEqualTo("efi32/syslinux.efi");
    assertThat(told(one.over(ALL), ipxe(7))).isEqualTo("http://10.11.12.1/boot.ipxe");
    assertThat(BootChoice.NONE.over(ALL)).isEqualTo(ALL);
    BootChoice ofBios = BootChoice.of("memtest.0");
    assertThat(told(ofBios.over(ALL), rom(0))).isEqualTo("memtest.0");
    assertThat(told(ofBios.over(ALL), rom(7))).isEqualTo("efi64/syslinux.efi");
  }

  @Test
  void what_does_not_fit_into_a_packet_is_refused() {
    assertThatThrownBy(() -> BootChoice.of("x".repeat(128))).hasMessageContaining("room for 127");
    assertThatThrownBy(() -> BootChoice.of("")).hasMessageContaining("no name");
    assertThatThrownBy(() -> BootChoice.of("a\n")).hasMessageContaining("control character");
    assertThatThrownBy(() ->
            new BootChoice(Optional.empty(), Map.of(), Optional.empty(), Optional.of("10.11.12.1")))
        .hasMessageContaining("is not a URL such as");
  }
}
