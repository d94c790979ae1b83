package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.discover;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.model.MacAddress;

/** One test for each quirk, of its name. */
class FirmwareQuirkTest {
  private static final String CLASS = "PXEClient:Arch:00000:UNDI:002001";

  private static boolean shows(FirmwareQuirk quirk, Packets packet) {
    return quirk.shows(packet.decoded());
  }

  private static BootClient client(Packets packet) {
    return BootClient.of(packet.decoded());
  }

  @Test
  void x64_called_byte_code() {
    Packets packet = discover(NODE_1).option(93, 0, 9);
    assertThat(shows(FirmwareQuirk.X64_CALLED_BYTE_CODE, packet)).isTrue();
    assertThat(client(packet).architecture()).contains(Architecture.UEFI_X64);
  }

  @Test
  void user_class_without_length() {
    Packets bare = discover(NODE_1).text(77, "iPXE");
    assertThat(shows(FirmwareQuirk.USER_CLASS_WITHOUT_LENGTH, bare)).isTrue();
    assertThat(bare.decoded().userClasses()).containsExactly("iPXE");
    Packets list = discover(NODE_1).text(77, "\4iPXE\3lab");
    assertThat(shows(FirmwareQuirk.USER_CLASS_WITHOUT_LENGTH, list)).isFalse();
    assertThat(list.decoded().userClasses()).containsExactly("iPXE", "lab");
    assertThat(client(bare).program()).isEqualTo(BootClient.Program.IPXE);
    assertThat(client(list).program()).isEqualTo(BootClient.Program.IPXE);
  }

  @Test
  void flexboot_without_user_class() {
    Packets packet = discover(NODE_1).text(60, CLASS).option(175, 0x13, 1, 1);
    assertThat(shows(FirmwareQuirk.FLEXBOOT_WITHOUT_USER_CLASS, packet)).isTrue();
    assertThat(client(packet).program()).isEqualTo(BootClient.Program.IPXE);
    assertThat(client(discover(NODE_1).text(60, CLASS)).program())
        .isEqualTo(BootClient.Program.PXE);
  }

  @Test
  void machine_not_named() {
    Packets packet = discover(NODE_1).text(60, CLASS);
    assertThat(shows(FirmwareQuirk.MACHINE_NOT_NAMED, packet)).isTrue();
    new Script(Cluster.ofTheHowTo()).at("0s", packet).offers("10.11.12.101");
  }

  @Test
  void architecture_only_in_class() {
    Packets packet = discover(NODE_1).text(60, "PXEClient:Arch:00007:UNDI:003016");
    assertThat(shows(FirmwareQuirk.ARCHITECTURE_ONLY_IN_CLASS, packet)).isTrue();
    assertThat(client(packet).architecture()).contains(Architecture.UEFI_X64);
    assertThat(client(discover(NODE_1).text(60, "HTTPClient:Arch:00016")))
        .isEqualTo(
            new BootClient(BootClient.Program.HTTP_BOOT, Optional.of(Architecture.UEFI_X64)));
  }

  @Test
  void architecture_wrong_in_class() {
    Packets packet = discover(NODE_1).text(60, CLASS).option(93, 0, 7);
    assertThat(shows(FirmwareQuirk.ARCHITECTURE_WRONG_IN_CLASS, packet)).isTrue();
    assertThat(client(packet).architecture()).contains(Architecture.UEFI_X64);
  }

  @Test
  void raspberry_pi_says_bios() {
    Packets packet =
        discover(MacAddress.parse("dc:a6:32:00:00:01")).text(60, CLASS).option(93, 0, 0);
    assertThat(shows(FirmwareQuirk.RASPBERRY_PI_SAYS_BIOS, packet)).isTrue();
    assertThat(shows(FirmwareQuirk.RASPBERRY_PI_SAYS_BIOS, discover(NODE_1).text(60, CLASS)))
        .isFalse();
    Script script = new Script(Cluster.ofTheHowTo()).at("0s", packet).offers("10.11.12.101");
    assertThat(script.text(60)).isEqualTo("PXEClient");
    assertThat(script.text(43)).contains("Raspberry Pi Boot");
  }

  @Test
  void ipxe_awaits_proxy() {
    Script script = new Script(Cluster.ofTheHowTo());
    script.at("0s", discover(NODE_1).text(77, "iPXE")).offers("10.11.12.101");
    assertThat(script.option(175)).containsExactly(176, 1, 1);
    script.at("1s", discover(NODE_1).text(60, CLASS)).offers("10.11.12.101");
    assertThat(script.option(175)).isEmpty();
  }

  @Test
  void root_path_without_options() {
    Script script = new Script(Cluster.ofTheHowTo());
    script.at("0s", discover(NODE_1).text(60, "Linux ipconfig")).offers("10.11.12.101");
    assertThat(script.text(17)).isEqualTo("10.11.12.1:/NFSROOT/kerrighed");
  }

  @Test
  void each_quirk_has_its_source_and_its_test() {
    List<String> tests =
        Arrays.stream(FirmwareQuirkTest.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .map(Method::getName)
            .toList();
    for (FirmwareQuirk quirk : FirmwareQuirk.values()) {
      assertThat(tests).contains(quirk.name().toLowerCase(Locale.ROOT));
      assertThat(quirk.source()).isNotBlank();
    }
  }
}
