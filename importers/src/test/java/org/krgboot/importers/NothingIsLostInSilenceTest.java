package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cannot be taken is told, and what has no bounds is not computed. */
class NothingIsLostInSilenceTest {
  @Test
  void a_kea_reservation_without_address_or_name_is_not_used_in_silence() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.KEA,
                """
                {"Dhcp4": {"reservations": [
                  {"hw-address": "52:54:00:00:00:01",
                   "ip-address": "10.0.0",
                   "hostname": "my_node"},
                  {"hw-address": "nonsense"}]}}
                """));
    assertThat(imported.lines(Verdict.ERROR))
        .containsExactly(
            "3: '10.0.0' is not an address",
            "5: 'nonsense' is not a MAC address; write it as 52:54:00:12:34:56");
    assertThat(imported.lines(Verdict.CONFLICT))
        .containsExactly("4: 'my_node' cannot be a node's name; it has the usual one");
  }

  @Test
  void dnsmasqs_ranges_and_names_are_not_lost_in_silence_and_its_unique_root_is_kept() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.DNSMASQ,
                """
                dhcp-range=10.0.0.150,10.0.0.50,12h
                dhcp-host=52:54:00:00:00:01,10.0.0.5,my_node
                tftp-unique-root=mac
                """));
    assertThat(imported.lines(Verdict.ERROR)).hasSize(1).first().asString().startsWith("1: ");
    assertThat(imported.lines(Verdict.IGNORED))
        .containsExactly("2: 'my_node' is neither a name nor anything else of a host");
    assertThat(imported.configuration().settings()).containsEntry("tftp.node-directories", "mac");
  }

  @Test
  void tags_that_mean_too_much_together_are_told_of() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      text.append("dhcp-match=set:t,93,").append(i).append('\n');
      text.append("dhcp-vendorclass=set:u,x").append(i).append('\n');
    }
    Imported imported =
        Imported.of(Map.of(Format.DNSMASQ, text + "dhcp-boot=tag:t,tag:u,pxelinux.0\n"));
    assertThat(imported.lines(Verdict.IGNORED))
        .containsExactly("4001: the tag t, u is set by nothing that is read, or by too much");
  }

  @Test
  void an_if_without_end_is_refused() {
    String branch = " else if option user-class = \"a\" { filename \"b\"; }";
    Imported imported =
        Imported.of(Map.of(Format.DHCPD_CONF, "if known { }" + branch.repeat(1001)));
    assertThat(imported.lines(Verdict.ERROR))
        .first()
        .asString()
        .contains("an if with more than 1000 branches is not read");
  }
}
