package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IscMeaningTest {
  /** The how-to's text with nothing but its blanks and closing braces filled in. */
  private static final String HOW_TO =
      """
      ### PART 1
      # General options
      option dhcp-max-message-size 2048;
      use-host-decl-names on;
      deny bootp;

      ### PART 2
      option domain-name "mycluster.home";
      option domain-name-servers 10.11.12.1;
      option ntp-servers 10.11.12.1;

      ### PART 3
      subnet 10.11.12.0 netmask 255.255.255.0 {
       option routers 10.11.12.254;
       option broadcast-address 10.11.12.255;
       # Define the first and last IP address to be authorized
       range 10.11.12.101 10.11.12.199;
       # This set up the node name to « krgnodeXX » with XX the id of the node (ip-address based).
       send host-name = concat("krgnode", binary-to-ascii(10, 8, ".", substring(leased-address, 3, 1)));
       # If you want to limit which boxes are using kerrighed, use something like this :
       # host ssi1 { fixed-address; hardware ethernet xx:xx:xx:xx:xx:xx;
      }

      ### PART 4
      group {
       filename "pxelinux.0";
       server-name "10.11.12.1";
       option root-path "/NFSROOT/kerrighed";
      }
      """;

  @Test
  void the_how_tos_text_is_understood_whole_and_told_that_its_group_is_for_nobody() {
    Imported imported = Imported.dhcpd(HOW_TO);
    assertThat(imported.lines(Verdict.ERROR)).isEmpty();
    assertThat(imported.toml())
        .isEqualTo(
            """
            # krgboot.toml, written by krgboot import

            [dhcp]
            authoritative = false
            dns = ["10.11.12.1"]
            ntp = ["10.11.12.1"]
            domain = "mycluster.home"
            max-message-size = 2048

            [[dhcp.network]]
            subnet = "10.11.12.0/24"
            range = ["10.11.12.101-10.11.12.199"]
            node-name = "krgnode{octet4}"
            router = ["10.11.12.254"]
            """);
    assertThat(imported.lines(Verdict.USED))
        .contains("3: max-message-size = 2048", "19: node-name = krgnode{octet4}");
    assertThat(imported.lines(Verdict.IGNORED))
        .containsExactly(
            "25: this group has no host and no subnet, so dhcpd tells nobody what stands in it, and"
                + " neither does krgboot; write it outside the group to tell it to all nodes",
            "26: boot-file = pxelinux.0, but to nobody: the group is empty",
            "27: server-name = 10.11.12.1, but to nobody: the group is empty",
            "28: root-path = /NFSROOT/kerrighed, but to nobody: the group is empty");
  }

  @Test
  void what_is_said_where_nobody_is_comes_into_no_result() {
    Imported imported =
        Imported.dhcpd(
            """
            group {
              option arch code 93 = unsigned integer 16;
              next-server 10.0.0.9;
              if option arch = 00:07 { filename "a.efi"; }
              group { filename "b.0"; }
              filename 1 2;
            }
            group {
              group { filename "c.0"; host n1 { hardware ethernet 52:54:00:00:00:01; } }
            }
            class "none" { match hardware; filename "d.0"; }
            shared-network empty { option routers 10.0.0.254; }
            subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.5 10.0.0.9; }
            """);
    assertThat(imported.toml())
        .doesNotContain("10.0.0.9\"\n", "a.efi", "b.0", "d.0", "10.0.0.254")
        .contains("boot-file = \"c.0\"");
    assertThat(imported.lines(Verdict.ERROR)).containsExactly("6: one text in quotes is wanted");
    assertThat(imported.lines(Verdict.USED))
        .allMatch(line -> line.matches("(2|8|9|13): .*"))
        .isNotEmpty();
  }

  @Test
  void a_group_asks_for_declared_names_of_its_own_hosts() {
    Imported imported =
        Imported.dhcpd(
            """
            subnet 10.0.0.0 netmask 255.255.255.0 { }
            group { use-host-decl-names on; host a { hardware ethernet 52:54:00:00:00:01; } }
            group { host b { hardware ethernet 52:54:00:00:00:02; } }
            """);
    assertThat(imported.configuration().hosts())
        .extracting(host -> host.name().isPresent())
        .containsExactly(true, false);
  }

  @Test
  void a_pool_for_a_class_that_is_left_out_is_not_opened_for_all() {
    Imported imported =
        Imported.dhcpd(
            """
            class "odd" { match if option host-name = "a"; }
            subnet 10.0.0.0 netmask 255.255.255.0 {
              pool { allow members of "odd"; range 10.0.0.5 10.0.0.9; }
              pool { deny members of "odd"; range 10.0.0.15 10.0.0.19; }
            }
            """);
    assertThat(imported.toml()).doesNotContain("odd", "10.0.0.5").contains("10.0.0.15-10.0.0.19");
    assertThat(imported.report().complete()).isFalse();
  }

  @Test
  void the_how_to_as_printed_gets_one_clear_line_for_each_hole() {
    Imported imported =
        Imported.dhcpd(
            """
            option domain-name-servers,;
            option ntp-servers;
            subnet netmask {
             option routers;
             range <range start> <range end>;
            """);
    assertThat(imported.lines(Verdict.ERROR))
        .containsExactly(
            "1: option domain-name-servers: there is no value, or only a part of one",
            "2: option ntp-servers: there is no value, or only a part of one",
            "3: the '{' of this subnet is never closed; add '}' at the end",
            "3: a subnet needs its number and netmask: subnet 10.0.0.0 netmask 255.0.0.0",
            "4: option routers: there is no value, or only a part of one",
            "5: a range is two addresses: range 10.11.12.101 10.11.12.199");
  }

  @Test
  void boot_files_by_architecture_and_for_ipxe_stay_with_the_scope() {
    Imported imported =
        Imported.dhcpd(
            """
            option arch code 93 = unsigned integer 16;
            subnet 10.0.0.0 netmask 255.255.255.0 {
              range 10.0.0.10 10.0.0.20;
              next-server 10.0.0.1;
              if exists user-class and option user-class = "iPXE" {
                filename "http://10.0.0.1/boot.ipxe";
              } elsif option arch = 00:07 or option arch = 00:09 {
                filename "ipxe.efi";
              } else {
                filename "undionly.kpxe";
              }
            }
            """);
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
    assertThat(imported.configuration().classes()).isEmpty();
    assertThat(imported.toml())
        .contains(
            """
            boot-file = "undionly.kpxe"
            boot-file-uefi-x64 = "ipxe.efi"
            boot-file-ipxe = "http://10.0.0.1/boot.ipxe"
            """);
  }

  @Test
  void what_is_said_unless_it_is_ipxe_is_turned_round() {
    Imported imported =
        Imported.dhcpd(
            """
            option space ipxe;
            option ipxe-encap-opts code 175 = encapsulate ipxe;
            option ipxe.bus-id code 177 = string;
            option ipxe.no-pxedhcp code 176 = unsigned integer 8;
            option ipxe.no-pxedhcp 1;
            if not exists ipxe.bus-id { filename "undionly.kpxe"; } else { filename "menu.ipxe"; }
            """);
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
    assertThat(imported.configuration().global().said())
        .containsEntry(ScopeKey.BOOT_FILE, java.util.List.of("undionly.kpxe"));
    assertThat(imported.configuration().global().extra().get(175).octets()).isEqualTo("b00101");
    assertThat(imported.configuration().global().said())
        .containsEntry(ScopeKey.BOOT_FILE_IPXE, java.util.List.of("menu.ipxe"));
  }

  @Test
  void classes_by_vendor_and_by_hardware_choose_pools() {
    Imported imported =
        Imported.dhcpd(
            """
            authoritative;
            class "pxe" {
              match if substring(option vendor-class-identifier, 0, 9) = "PXEClient";
              next-server 10.0.0.1;
              if substring(option vendor-class-identifier, 15, 5) = "00007" { filename "x64.efi"; }
            }
            class "rack" { match hardware; }
            subclass "rack" 1:52:54:00:12:34:56;
            subclass "rack" 1:52:54:00:12:34:57;
            class "vendor" { match if binary-to-ascii(16, 8, ":", substring(hardware, 1, 3)) = "0:1b:21"; }
            shared-network both {
              subnet 10.0.0.0 netmask 255.255.255.0 { option routers 10.0.0.254; }
              subnet 10.0.1.0 netmask 255.255.255.0 { option routers 10.0.1.254; }
              pool { allow members of "rack"; deny members of "vendor"; range 10.0.0.10 10.0.0.20; range 10.0.1.5; }
              pool { deny unknown-clients; range 10.0.0.30 10.0.0.40; default-lease-time 600; }
            }
            """);
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
    assertThat(imported.toml())
        .contains(
            """
            mac-prefix = ["52:54:00:12:34:56", "52:54:00:12:34:57"]
            """,
            "mac-prefix = [\"00:1b:21\"]",
            "boot-file-uefi-x64 = \"x64.efi\"",
            """
            [[dhcp.network.subnet.pool]]
            range = "10.0.0.10-10.0.0.20"
            allow = ["rack"]
            deny = ["vendor"]
            """,
            """
            [[dhcp.network.subnet.pool]]
            range = "10.0.0.30-10.0.0.40"
            deny = ["unknown"]
            lease-time = "600s"
            """);
  }

  @Test
  void hosts_get_what_their_groups_say_and_their_declared_names() {
    Imported imported =
        Imported.dhcpd(
            """
            use-host-decl-names on;
            group {
              filename "a.0";
              group { next-server 10.0.0.7; host n1 { hardware ethernet 0:1b:21:0:0:1; fixed-address 10.0.0.5; } }
              host n2 { hardware ethernet 00:1b:21:00:00:02; filename "b.0"; option host-name "other"; }
            }
            host n3 { option dhcp-client-identifier "abc"; }
            subnet 10.0.0.0 netmask 255.255.255.0 { }
            """);
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
    assertThat(imported.toml())
        .endsWith(
            """
            [[host]] # n1
            mac = "00:1b:21:00:00:01"
            address = "10.0.0.5"
            name = "n1"
            next-server = "10.0.0.7"
            boot-file = "a.0"

            [[host]] # n2
            mac = "00:1b:21:00:00:02"
            name = "other"
            boot-file = "b.0"

            [[host]] # n3
            client-id = "0x616263"
            name = "n3"
            """);
  }

  @Test
  void what_is_lost_is_told_with_its_reason() {
    Imported imported =
        Imported.dhcpd(
            """
            failover peer "x" { primary; }
            on commit { execute("/bin/x"); }
            host a { hardware ethernet 52:54:00:00:00:01; fixed-address nowhere.example; deny booting; }
            host b { hardware token-ring 1:2:3:4:5:6; }
            class "x" { match if not (option user-class = "a"); }
            subnet 10.0.0.0 netmask 255.255.255.0 { option subnet-mask 255.255.0.0; }
            nonsense 1;
            """);
    assertThat(imported.report().complete()).isFalse();
    assertThat(imported.lines(Verdict.IGNORED))
        .hasSize(7)
        .anyMatch(line -> line.startsWith("3: 'nowhere.example' is neither an address"));
    assertThat(imported.lines(Verdict.CONFLICT))
        .containsExactly("6: subnet-mask 255.255.0.0 is not that of the subnet");
    assertThat(imported.lines(Verdict.ERROR))
        .containsExactly("7: dhcpd knows no statement 'nonsense'");
  }

  @Test
  void addresses_are_tried_as_they_were_before_and_off_comes_back_out() {
    String subnet = "subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.5 10.0.0.9; %s }";
    Imported off = Imported.dhcpd("ping-check false;\n" + subnet.formatted(""));
    assertThat(off.toml()).contains("ping-check = false");
    assertThat(DhcpdWriter.write(off.configuration()).text()).contains("ping-check off;");
    assertThat(Imported.dhcpd("ping-check on;\n" + subnet.formatted("")).toml())
        .doesNotContain("ping-check");
    assertThat(Imported.dhcpd(subnet.formatted("ping-check off;")).lines(Verdict.IGNORED))
        .hasSize(1);
  }

  @Test
  void what_is_said_twice_is_a_conflict_and_the_later_holds() {
    Imported imported =
        Imported.dhcpd(
            "filename \"a\";\nif option user-class = \"iPXE\" {\n filename \"b\";\n}\nfilename \"c\";\n");
    assertThat(imported.lines(Verdict.CONFLICT))
        .containsExactly(
            "1: line 5 says 'c' instead, which holds",
            "3: line 5 says it again for all nodes, which holds");
    assertThat(imported.configuration().classes()).isEmpty();
  }

  private static void anything(byte[] bytes) {
    Importer importer = new Importer(SourceFiles.none(), name -> Optional.empty());
    importer.read(Format.DHCPD_CONF, "dhcpd.conf", bytes);
    TomlWriter.write(importer.configuration());
  }

  @Test
  void a_text_with_any_bytes_changed_gives_a_report() {
    Random random = new Random(7);
    for (int round = 0; round < 3_000; round++) {
      byte[] bytes = HOW_TO.getBytes(StandardCharsets.ISO_8859_1);
      for (int i = random.nextInt(20); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      anything(bytes);
    }
  }

  @FuzzTest
  void any_bytes_give_a_report(byte[] bytes) {
    anything(bytes);
  }
}
