package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.discover;
import static org.krgboot.dhcp.Packets.inform;
import static org.krgboot.dhcp.Packets.selecting;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a node is told to boot from, and what the operator has defined, in whole answers. */
class BootOptionsTest {
  private static final String PXE = "PXEClient:Arch:00007:UNDI:003016";
  private static final BootChoice BOOT =
      new BootChoice(
          Optional.of("pxelinux.0"),
          Map.of(Architecture.UEFI_X64, "syslinux.efi"),
          Optional.of("http://10.11.12.1/boot.ipxe"),
          Optional.of("http://10.11.12.1/"));

  /** All of the tests' nodes are in a class that is told this. */
  private static Cluster telling(ScopeOptions.Builder options) {
    return Cluster.ofTheHowTo()
        .inClass(
            new NodeClass(
                "all",
                List.of(Octets.parse("0x525400")),
                List.of(),
                List.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                options.build()));
  }

  private static Script defining(OptionValue... options) {
    return new Script(telling(new ScopeOptions.Builder().extra(List.of(options))));
  }

  private static OptionValue option(int code, String hex) {
    return new OptionValue(code, Octets.parse("0x" + hex));
  }

  private static Script booting(Packets packet) {
    return new Script(telling(new ScopeOptions.Builder().boot(BOOT)))
        .at("0s", packet)
        .offers("10.11.12.101");
  }

  @Test
  void uefi_is_told_its_file_in_the_field_and_in_option_67() {
    Script script = booting(discover(NODE_1).text(60, PXE).option(93, 0, 7).option(55, 67, 66));
    assertThat(script.reply().bootFile()).isEqualTo("syslinux.efi");
    assertThat(script.text(67)).isEqualTo("syslinux.efi");
    assertThat(script.text(66)).isEqualTo("10.11.12.1");
    assertThat(script.reply().nextServer()).hasToString("10.11.12.1");
    assertThat(script.option(60)).as("PXEClient would send it to port 4011").isEmpty();
  }

  @Test
  void http_boot_gets_its_class_and_a_url_though_it_did_not_ask() {
    Packets packet = discover(NODE_1).text(60, "HTTPClient:Arch:00016").option(93, 0, 16);
    Script script = booting(packet.option(55, 1, 3));
    assertThat(script.text(60)).isEqualTo("HTTPClient");
    assertThat(script.text(67)).isEqualTo("http://10.11.12.1/syslinux.efi");
    assertThat(script.reply().bootFile()).isEqualTo("http://10.11.12.1/syslinux.efi");
  }

  @Test
  void a_node_without_a_boot_file_for_it_gets_an_address_all_the_same() {
    Script script = booting(discover(NODE_1).text(60, PXE).option(93, 0, 11).option(55, 67));
    assertThat(script.reply().bootFile()).isEmpty();
    assertThat(script.option(67)).isEmpty();
  }

  @Test
  void ipxe_is_told_its_script_and_to_wait_for_nobody() {
    Packets rom = discover(NODE_1).text(60, PXE).option(93, 0, 0).text(77, "iPXE");
    Script script = booting(rom.option(175, 0x13, 1, 1));
    assertThat(script.reply().bootFile()).isEqualTo("http://10.11.12.1/boot.ipxe");
    assertThat(script.option(175)).isEqualTo(new byte[] {(byte) 176, 1, 1});
  }

  @Test
  void the_operators_options_of_ipxe_stand_beside_ours_and_win() {
    Packets ipxe = discover(NODE_1).text(77, "iPXE");
    Script script = defining(option(175, "b10162")).at("0s", ipxe);
    assertThat(script.option(175)).isEqualTo(new byte[] {(byte) 176, 1, 1, (byte) 177, 1, 'b'});
    script = defining(option(175, "b00100")).at("0s", ipxe);
    assertThat(script.option(175)).isEqualTo(new byte[] {(byte) 176, 1, 0});
  }

  @Test
  void the_machine_is_named_again_if_it_named_itself() {
    byte[] id = new byte[17];
    id[5] = 9;
    assertThat(booting(discover(NODE_1).text(60, PXE).option(97, id)).option(97)).isEqualTo(id);
    assertThat(booting(discover(NODE_1).option(97, 1, 2)).option(97)).isEmpty();
  }

  @Test
  void a_defined_option_is_sent_if_asked_for_or_if_nothing_is_asked_for() {
    OptionValue option = option(130, "78");
    Packets asks = discover(NODE_1).option(55, 1, 130);
    assertThat(defining(option).at("0s", asks).option(130)).containsExactly('x');
    Packets asksOther = discover(NODE_1).option(55, 1, 3);
    assertThat(defining(option).at("0s", asksOther).option(130)).isEmpty();
    assertThat(defining(option).at("0s", discover(NODE_1)).option(130)).containsExactly('x');
    OptionValue always = option.sent(OptionValue.Sent.ALWAYS);
    assertThat(defining(always).at("0s", asksOther).option(130)).containsExactly('x');
  }

  @Test
  void a_defined_option_goes_before_what_we_would_say() {
    Script script = defining(option(42, "0a0b0c09")).at("0s", discover(NODE_1).option(55, 42));
    assertThat(script.option(42)).containsExactly(10, 11, 12, 9);
    script = defining(option(42, "0a0b0c09")).at("0s", inform(NODE_1, "10.11.12.101"));
    assertThat(script.option(42)).containsExactly(10, 11, 12, 9);
  }

  @Test
  void options_come_in_the_order_in_which_they_were_asked_for() {
    Script script = defining(option(130, "78")).at("0s", discover(NODE_1).option(55, 130, 3, 1));
    assertThat(script.reply().options().codes()).containsExactly(53, 54, 51, 130, 3, 1);
  }

  @Test
  void routes_are_told_under_both_of_their_numbers() {
    Packets windows = discover(NODE_1).option(55, 249, 121);
    Script script = defining(option(121, "000a0b0cfe")).at("0s", windows);
    assertThat(script.option(121)).isEqualTo(new byte[] {0, 10, 11, 12, (byte) 254});
    assertThat(script.option(249)).isEqualTo(new byte[] {0, 10, 11, 12, (byte) 254});
  }

  @Test
  void firmware_gets_what_pxelinux_reads_and_the_magic_with_it() {
    OptionValue prefix = option(210, "2f");
    Packets rom = discover(NODE_1).text(60, PXE).option(55, 1);
    Script script = defining(prefix).at("0s", rom);
    assertThat(script.text(210)).isEqualTo("/");
    assertThat(script.option(208)).isEqualTo(new byte[] {(byte) 0xf1, 0, 0x74, 0x7e});
    assertThat(defining(prefix).at("0s", discover(NODE_1).option(55, 1)).option(210)).isEmpty();
    assertThat(booting(rom).option(208)).isEmpty();
  }

  @Test
  void a_node_that_asks_for_it_gets_its_address_at_once_where_that_is_set() {
    Packets packet = discover(NODE_1).option(80).option(55, 1);
    Script script =
        new Script(Cluster.ofTheHowTo().policy(Policy.STANDARD.with(Policy.Commit.RAPID)));
    script.at("0s", packet).acks("10.11.12.101").writes();
    assertThat(script.reply().options().has(80)).isTrue();
    assertThat(script.option(51)).isNotEmpty();
    script.at("1s", discover(NODE_1)).offers("10.11.12.101").writesNothing();
    script.at("2s", selecting(NODE_1, "10.11.12.101", Cluster.SERVER)).acks("10.11.12.101");
    assertThat(script.reply().options().has(80)).isFalse();
  }

  @Test
  void rapid_commit_is_not_heard_unless_it_is_set() {
    Script script = new Script(Cluster.ofTheHowTo());
    script.at("0s", discover(NODE_1).option(80)).offers("10.11.12.101");
    assertThat(script.reply().options().has(80)).isFalse();
  }
}
