package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OtherFormatsTest {
  private static final String SUBNET =
      "authoritative;\nsubnet 10.11.12.0 netmask 255.255.255.0 { range 10.11.12.101 10.11.12.199; }\n";

  private static Imported two(Format first, String firstText, Format second, String secondText) {
    Map<Format, String> texts = new LinkedHashMap<>();
    texts.put(first, firstText);
    texts.put(second, secondText);
    return Imported.of(texts);
  }

  @Test
  void an_exports_file_is_named_and_not_copied() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.EXPORTS,
                "# c\n/NFSROOT/kerrighed *(rw,sync,no_root_squash,no_subtree_check)\n"));
    assertThat(imported.configuration().settings()).containsEntry("nfs.exports-file", "exports");
    assertThat(imported.report().complete()).isTrue();
  }

  @Test
  void the_how_tos_tftpd_with_blanks_round_its_equals_signs_is_read() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.TFTPD_HPA,
                "# Default for tftpd-hpa\nRUN_DAEMON = \"yes\"\nOPTIONS = '-l -s /srv/tftp'\n"));
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
    assertThat(imported.toml()).endsWith("\n[tftp]\nroot = \"/srv/tftp\"\n");
  }

  @Test
  void the_new_form_of_tftpd_is_read_and_its_map_file_is_kept() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.TFTPD_HPA,
                """
                TFTP_USERNAME="tftp"
                TFTP_DIRECTORY="/var/lib/tftpboot"
                TFTP_ADDRESS="0.0.0.0:6969"
                TFTP_OPTIONS="--secure --create -m /etc/tftpd.map -B 1468"
                """));
    assertThat(imported.configuration().settings())
        .containsEntry("tftp.root", "/var/lib/tftpboot")
        .containsEntry("tftp.port", "6969")
        .containsEntry("tftp.map-file", "/etc/tftpd.map");
    assertThat(imported.lines(Verdict.IGNORED)).hasSize(2);
  }

  @Test
  void the_how_tos_pxelinux_entry_is_warned_of_its_kernels_name_and_gives_its_parameters() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.PXELINUX,
                "DEFAULT kerrighed\nLABEL kerrighed\n    kernel boot/vmlinux-2.6.30-krg3.0.0\n"
                    + "    append ip=dhcp root=/dev/nfs session_id=1 autonodeid=1\n"));
    assertThat(imported.lines(Verdict.CONFLICT))
        .containsExactly(
            "3: PXELINUX takes 'boot/vmlinux-2.6.30-krg3.0.0' for a boot program because of its end;"
                + " write LINUX for KERNEL, or remove the file and krgboot renders a right one");
  }

  @Test
  void kerrighed_nodes_become_parameters_and_ids_are_checked() {
    Imported imported =
        two(
            Format.HOSTS,
            "127.0.0.1 localhost\n10.11.12.101 ssi1.mycluster.home ssi1\n10.11.12.102 ssi2\n",
            Format.KERRIGHED_NODES,
            "session=1\nnbmin=6\nssi1:101:eth0\nssi2:7\n");
    assertThat(imported.configuration().settings())
        .containsEntry("boot.append", "session_id=1 nb_nodes_min=6 autonodeid=1");
    assertThat(imported.lines(Verdict.CONFLICT))
        .containsExactly("4: ssi2 has the id 102 here, after its address, not 7");
  }

  @Test
  void an_id_is_checked_against_the_address_that_dhcp_gives_the_host() {
    Imported imported =
        two(
            Format.DHCPD_CONF,
            SUBNET + "host a { hardware ethernet 52:54:00:00:00:01; fixed-address 10.11.12.21; }\n",
            Format.KERRIGHED_NODES,
            "session=1\nnbmin=1\na:21:eth0\n");
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
  }

  @Test
  void ethers_add_hosts_that_are_not_known_yet() {
    Imported imported =
        two(
            Format.DHCPD_CONF,
            SUBNET + "host a { hardware ethernet 52:54:00:00:00:01; fixed-address 10.11.12.5; }\n",
            Format.ETHERS,
            "52:54:0:0:0:1 10.11.12.5\n52:54:00:00:00:02 10.11.12.6\n52:54:00:00:00:01 10.11.12.9\n");
    assertThat(imported.configuration().hosts()).hasSize(2);
    assertThat(imported.lines(Verdict.CONFLICT))
        .containsExactly("3: the host a has another address, which holds");
  }

  @Test
  void active_leases_become_a_dump_that_can_be_restored() {
    Importer importer = new Importer(SourceFiles.none(), name -> Optional.empty());
    importer.read(
        Format.DHCPD_LEASES,
        "dhcpd.leases",
        """
        authoring-byte-order little-endian;
        server-duid "\\000\\001";
        lease 10.11.12.101 {
          starts 4 2026/11/19 08:30:00;
          ends 4 2026/11/19 20:30:00;
          binding state active;
          hardware ethernet 52:54:00:00:00:01;
          client-hostname "krgnode101";
        }
        lease 10.11.12.102 {
          starts epoch 1795000000; # Wed
          ends never;
          binding state active;
          hardware ethernet 52:54:00:00:00:02;
          uid "\\001RT\\000\\000\\000\\002";
        }
        lease 10.11.12.101 {
          starts 5 2026/11/20 08:30:00;
          ends 5 2026/11/20 20:30:00;
          binding state free;
          hardware ethernet 52:54:00:00:00:01;
        }
        """
            .getBytes(StandardCharsets.ISO_8859_1));
    assertThat(importer.report().failed()).as("%s", importer.report().lines()).isFalse();
    assertThat(importer.leases().orElseThrow())
        .endsWith(
            "10.11.12.102 52:54:00:00:00:02 krgnode102 2026-11-18T11:06:40Z 2026-11-18T11:06:40Z"
                + " 2099-12-31T00:00:00Z -\nend 1\n");
  }

  @Test
  void dnsmasq_ranges_hosts_tags_and_boot_files_are_read() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.DNSMASQ,
                """
                port=0
                dhcp-authoritative
                dhcp-range=10.0.0.50,10.0.0.150,255.255.255.0,12h
                dhcp-option=option:router,10.0.0.254
                dhcp-option=42,10.0.0.1
                dhcp-host=52:54:00:00:00:01,node1,10.0.0.5
                dhcp-match=set:efi64,option:client-arch,7
                dhcp-match=set:efi64,option:client-arch,9
                dhcp-userclass=set:ipxe,iPXE
                dhcp-boot=tag:!ipxe,undionly.kpxe
                dhcp-boot=tag:efi64,ipxe.efi
                dhcp-boot=tag:ipxe,http://10.0.0.1/boot.ipxe
                dhcp-option=209,pxelinux.cfg/default
                enable-tftp
                tftp-root=/srv/tftp
                """));
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
    assertThat(imported.toml())
        .contains(
            """
            boot-file = "undionly.kpxe"
            boot-file-uefi-x64 = "ipxe.efi"
            boot-file-ipxe = "http://10.0.0.1/boot.ipxe"
            router = ["10.0.0.254"]
            ntp = ["10.0.0.1"]
            """,
            "range = [\"10.0.0.50-10.0.0.150\"]",
            "name = \"node1\"",
            "root = \"/srv/tftp\"");
  }

  @Test
  void kea_with_comments_is_read() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.KEA,
                """
                // boot server
                { "Dhcp4": { # all
                  "valid-lifetime": 4000, "authoritative": true,
                  /* what
                     else */
                  "option-data": [ { "name": "domain-name-servers", "data": "10.0.0.1, 10.0.0.2" } ],
                  "client-classes": [
                    { "name": "ipxe", "test": "option[77].hex == 'iPXE'", "boot-file-name": "boot.ipxe" },
                    { "name": "efi", "test": "option[93].hex == 0x0007 or option[93].hex == 0x0009",
                      "boot-file-name": "ipxe.efi" } ],
                  "boot-file-name": "undionly.kpxe",
                  "subnet4": [ {
                    "id": 1, "subnet": "10.0.0.0/24", "next-server": "10.0.0.1",
                    "pools": [ { "pool": "10.0.0.10 - 10.0.0.99" } ],
                    "option-data": [ { "name": "routers", "data": "10.0.0.254" } ],
                    "reservations": [
                      { "hw-address": "52:54:00:00:00:01", "ip-address": "10.0.0.5", "hostname": "n1" } ] } ]
                } }
                """));
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
    assertThat(imported.toml())
        .contains(
            """
            boot-file = "undionly.kpxe"
            boot-file-uefi-x64 = "ipxe.efi"
            boot-file-ipxe = "boot.ipxe"
            dns = ["10.0.0.1", "10.0.0.2"]
            lease-time = "4000s"
            """,
            "address = \"10.0.0.5\"\nname = \"n1\"");
  }

  @Test
  void broken_kea_and_warewulf_files_get_a_line() {
    assertThat(Imported.of(Map.of(Format.KEA, "{\n \"Dhcp4\": {\n")).lines(Verdict.ERROR))
        .hasSize(1);
    assertThat(Imported.of(Map.of(Format.KEA, "[".repeat(100_000))).report().failed()).isTrue();
    assertThat(Imported.of(Map.of(Format.WAREWULF, "a: b: c:\n")).report().failed()).isTrue();
    assertThat(Imported.of(Map.of(Format.WAREWULF, "- ".repeat(50_000))).report().failed())
        .isTrue();
  }

  @Test
  void warewulf_nodes_become_hosts_of_a_network() {
    Imported imported =
        Imported.of(
            Map.of(
                Format.WAREWULF,
                """
                nodeprofiles:
                  default:
                    comment: all
                    kernel:
                      args:
                        - quiet
                        - crashkernel=no
                nodes:
                  n1:
                    profiles:
                      - default
                    network devices:
                      default:
                        device: eth0
                        hwaddr: 52:54:00:00:00:01
                        ipaddr: 10.0.0.5
                        netmask: 255.255.252.0
                        gateway: 10.0.0.1
                """));
    assertThat(imported.report().complete()).as("%s", imported.report().lines()).isTrue();
    assertThat(imported.toml())
        .contains(
            "append = \"quiet crashkernel=no\"",
            "subnet = \"10.0.0.0/22\"\nrouter = [\"10.0.0.1\"]",
            "mac = \"52:54:00:00:00:01\"\naddress = \"10.0.0.5\"\nname = \"n1\"");
  }

  @Test
  void drbls_answers_need_the_network_that_its_dhcpd_conf_says() {
    Importer importer =
        new Importer(
            path -> {
              if (path.equals("macadr-eth1.txt")) {
                return "52:54:00:00:00:01\n# x\n52:54:00:00:00:02\n"
                    .getBytes(StandardCharsets.UTF_8);
              }
              throw new IOException("no such file");
            },
            name -> Optional.empty());
    importer.read(Format.DHCPD_CONF, "dhcpd.conf", SUBNET.getBytes(StandardCharsets.UTF_8));
    importer.read(
        Format.DRBLPUSH,
        "drblpush.conf",
        "[general]\ndomain=drbl.name\nnisdomain=penguinzilla\n[eth1]\ninterface=eth1\nmac=macadr-eth1.txt\nip_start=11\n"
            .getBytes(StandardCharsets.UTF_8));
    Configuration configuration = importer.configuration();
    assertThat(importer.report().complete()).as("%s", importer.report().lines()).isTrue();
    assertThat(configuration.hosts())
        .extracting(host -> host.address().orElseThrow().toString())
        .containsExactly("10.11.12.11", "10.11.12.12");
    assertThat(Imported.of(Map.of(Format.DRBLPUSH, "[eth1]\nrange=1-5\n")).report().complete())
        .isFalse();
  }

  private static void anything(byte[] bytes) {
    for (Format format : Format.values()) {
      Importer importer = new Importer(SourceFiles.none(), name -> Optional.empty());
      importer.read(format, format.toString(), bytes);
      TomlWriter.write(importer.configuration());
      importer.leases();
    }
  }

  private static final List<String> WORDS =
      List.of(
          "dhcp-range=",
          "dhcp-host=",
          "dhcp-boot=",
          "dhcp-match=",
          "tag:a",
          "set:a",
          ",",
          "10.0.0.1",
          "255.255.255.0",
          "52:54:00:00:00:01",
          "{",
          "}",
          "[",
          "]",
          ":",
          "\"Dhcp4\"",
          "\"subnet4\"",
          "\"subnet\"",
          "\"10.0.0.0/24\"",
          "nodes:",
          "\n",
          "\n  ",
          "network devices:",
          "lease",
          "starts",
          "1",
          "2026/01/01",
          "00:00:00",
          ";",
          "OPTIONS=",
          "\"",
          "'",
          "-s",
          "-m",
          "/srv",
          "append",
          "label",
          "session=",
          "[eth1]",
          "range=1-5",
          "mac=",
          "*",
          "&a",
          "- ",
          "#",
          "//",
          "/*",
          "option:client-arch,7");

  @Test
  void any_words_in_any_order_give_a_report_in_every_format() {
    Random random = new Random(8);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(WORDS.get(random.nextInt(WORDS.size())))
            .append(random.nextBoolean() ? " " : "");
      }
      anything(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @FuzzTest
  void any_bytes_give_a_report_in_every_format(byte[] bytes) {
    anything(bytes);
  }
}
