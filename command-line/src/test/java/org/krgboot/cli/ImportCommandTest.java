package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.importers.Exporter;
import org.krgboot.importers.Format;
import org.krgboot.importers.Importer;
import org.krgboot.importers.TomlWriter;
import org.krgboot.importers.Unsaid;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;
import org.krgboot.settings.HostInterface;
import org.krgboot.settings.Problems;
import org.krgboot.settings.RawSettings;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsReader;
import picocli.CommandLine;

class ImportCommandTest {
  private static final Path FIXTURES = Path.of("../importers/src/test/resources/dhcpd");

  @TempDir Path directory;

  private static int run(String... arguments) {
    return new CommandLine(new KrgbootCommand()).execute(arguments);
  }

  private String output() {
    return directory.resolve("krgboot.toml").toString();
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void the_how_tos_files_become_one_configuration() throws Exception {
    Path exports =
        file("exports", "/NFSROOT/kerrighed *(rw,sync,no_root_squash,no_subtree_check)\n");
    Path tftpd = file("tftpd-hpa", "RUN_DAEMON = \"yes\"\nOPTIONS = '-l -s /srv/tftp'\n");
    int code =
        run(
            "import",
            "dhcpd.conf=" + FIXTURES.resolve("01-how-to.conf"),
            exports.toString(),
            tftpd.toString(),
            "--output",
            output());
    // Its group has no host: dhcpd tells nobody what stands in it, and so do we, which is told.
    assertThat(code).isEqualTo(1);
    assertThat(Path.of(output()))
        .content()
        .doesNotContain("boot-file")
        .contains(
            "node-name = \"krgnode{octet4}\"",
            "exports-file = \"" + exports + "\"",
            "[tftp]\nroot = \"/srv/tftp\"");
  }

  @Test
  void all_fixtures_are_taken_by_our_own_reader() throws Exception {
    try (Stream<Path> fixtures = Files.list(FIXTURES)) {
      for (Path fixture : fixtures.filter(each -> each.toString().endsWith(".conf")).toList()) {
        Importer importer =
            new Importer(
                path -> Files.readAllBytes(FIXTURES.resolve("parts").resolve(path)),
                name -> Optional.empty());
        importer.read(Format.DHCPD_CONF, "dhcpd.conf", Files.readAllBytes(fixture));
        var configuration = importer.configuration();
        String toml = TomlWriter.write(configuration);
        assertThat(OwnReader.read(toml, configuration).refusals())
            .as(fixture + "\n" + toml)
            .isEmpty();
      }
    }
  }

  @Test
  void fixtures_of_other_servers_are_taken_by_our_own_reader_too() throws Exception {
    for (String format : List.of("kea", "dnsmasq", "warewulf", "kerrighed_nodes")) {
      Path directory = FIXTURES.resolveSibling(format);
      try (Stream<Path> fixtures = Files.list(directory)) {
        for (Path fixture : fixtures.filter(Files::isRegularFile).toList()) {
          Importer importer =
              new Importer(
                  path -> Files.readAllBytes(directory.resolve("parts").resolve(path)),
                  name -> Optional.empty());
          importer.read(Format.named(format).orElseThrow(), "file", Files.readAllBytes(fixture));
          var configuration = importer.configuration();
          String toml = TomlWriter.write(configuration);
          assertThat(OwnReader.read(toml, configuration).refusals())
              .as(fixture + "\n" + toml)
              .isEmpty();
        }
      }
    }
  }

  @Test
  void an_exports_file_is_named_from_the_root_on_and_what_the_daemon_says_of_it_is_told()
      throws Exception {
    Path exports = file("exports", "/home 10.11.12.0/24(rw,crossmnt)\n");
    Path relative = Path.of("").toAbsolutePath().relativize(exports);
    assertThat(run("import", relative.toString(), "--output", output())).isEqualTo(1);
    assertThat(Path.of(output())).content().contains("exports-file = \"" + exports + "\"");
    Files.delete(Path.of(output()));
    Files.writeString(exports, "/home 10.11.12.0/24(rw,nonsense)\n");
    assertThat(run("import", relative.toString(), "--output", output())).isEqualTo(2);
    assertThat(Path.of(output())).doesNotExist();
  }

  @Test
  void the_map_file_of_tftpd_is_written_through() throws Exception {
    Path map = file("tftpd.map", "rg \\\\ /\n");
    Path tftpd =
        file(
            "tftpd-hpa",
            "TFTP_DIRECTORY=\"/srv/tftp\"\nTFTP_OPTIONS=\"--secure -m " + map + "\"\n");
    assertThat(run("import", tftpd.toString(), "--output", output())).isZero();
    assertThat(settings(Files.readString(Path.of(output()))).files().names().toString())
        .isNotEqualTo(settings("").files().names().toString());
  }

  @Test
  void a_name_that_no_file_can_have_is_told() throws Exception {
    Path conf = file("dhcpd.conf", "include \"a\\000b\";\n");
    assertThat(run("import", conf.toString(), "--output", output())).isEqualTo(2);
  }

  @Test
  void a_file_that_is_there_is_replaced_only_when_asked() throws Exception {
    Path conf =
        file("dhcpd.conf", "subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.5 10.0.0.9; }\n");
    Files.writeString(Path.of(output()), "mine");
    assertThat(run("import", conf.toString(), "--output", output())).isEqualTo(2);
    assertThat(Path.of(output())).content().isEqualTo("mine");
    assertThat(run("import", conf.toString(), "--output", output(), "--overwrite")).isZero();
    assertThat(Path.of(output())).content().contains("10.0.0.5-10.0.0.9");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).hasSize(2);
    }
  }

  @Test
  void nothing_is_written_when_there_are_errors_unless_asked() throws Exception {
    Path conf = file("dhcpd.conf", "nonsense;\nsubnet 10.0.0.0 netmask 255.255.255.0 { }\n");
    assertThat(run("import", conf.toString(), "--output", output())).isEqualTo(2);
    assertThat(Path.of(output())).doesNotExist();
    assertThat(run("import", conf.toString(), "--output", output(), "--despite-errors"))
        .isEqualTo(2);
    assertThat(Path.of(output())).content().contains("subnet = \"10.0.0.0/24\"");
  }

  @Test
  void what_is_lost_is_told_by_the_exit_code() throws Exception {
    Path conf =
        file(
            "dhcpd.conf",
            "on commit { execute(\"/x\"); }\nsubnet 10.0.0.0 netmask 255.255.255.0 { }\n");
    assertThat(run("import", conf.toString(), "--output", output())).isEqualTo(1);
  }

  @Test
  void leases_are_written_for_a_restore() throws Exception {
    Path leases =
        file(
            "dhcpd.leases",
            "lease 10.0.0.5 { starts 4 2026/11/19 08:30:00; ends never; binding state active;"
                + " hardware ethernet 52:54:00:00:00:01; }\n");
    Path dump = directory.resolve("leases.txt");
    assertThat(run("import", leases.toString(), "--output", output(), "--leases", dump.toString()))
        .isZero();
    assertThat(dump).content().contains("10.0.0.5 52:54:00:00:00:01 krgnode5").endsWith("end 1\n");
  }

  @Test
  void leases_that_were_written_are_restored() throws Exception {
    Path leases =
        file(
            "dhcpd.leases",
            """
            lease 10.0.0.5 { starts epoch 1795000000; ends never; binding state active;
              hardware ethernet 52:54:00:00:00:01; uid "\\001RT\\000\\000\\000\\001"; }
            lease 10.0.0.6 { starts 4 2026/11/19 08:30:00; ends epoch 9999999999999;
              binding state active; hardware ethernet 52:54:00:00:00:02; client-hostname "a"; }
            """);
    Path dump = directory.resolve("leases.txt");
    assertThat(run("import", leases.toString(), "--output", output(), "--leases", dump.toString()))
        .isZero();
    Path state = Files.createDirectory(directory.resolve("state"));
    assertThat(run("leases", "restore", "--state-dir=" + state, dump.toString())).isZero();
    Path again = directory.resolve("again.txt");
    assertThat(run("leases", "dump", "--state-dir=" + state, again.toString())).isZero();
    assertThat(again)
        .content()
        .contains("10.0.0.5 52:54:00:00:00:01 krgnode5", "10.0.0.6 52:54:00:00:00:02 a")
        .endsWith("end 2\n");
  }

  private Settings settings(String toml) throws Exception {
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file("own.toml", toml));
    HostInterface nic =
        new HostInterface(
            "eth1",
            Ipv4.parse("10.11.12.1"),
            Subnet.parse("10.11.12.0/24"),
            HostInterface.Kind.NETWORK);
    return SettingsReader.read(raw, problems, List.of(nic));
  }

  private static final String OWN =
      """
      [dhcp]
      domain = "mycluster.home"
      router = "10.11.12.254"
      [[dhcp.network]]
      subnet = "10.11.12.0/24"
      range = "10.11.12.101-10.11.12.103"
      [[dhcp.class]]
      name = "uefi"
      architecture = [7, 9]
      mac-prefix = "52:54:00"
      lease-time = "30m"
      [[host]]
      mac = "52:54:00:00:00:01"
      address = "10.11.12.5"
      name = "front"
      """;

  @Test
  void our_own_configuration_goes_out_as_dhcpd_and_comes_in_again() throws Exception {
    String dhcpd = ExportCommand.write(ExportCommand.Target.DHCPD, settings(OWN)).text();
    assertThat(dhcpd)
        .contains(
            "option host-name = concat(\"krgnode\", binary-to-ascii(10, 8, \".\","
                + " substring(leased-address, 3, 1)));",
            "range 10.11.12.101 10.11.12.103;",
            "next-server 10.11.12.1;",
            "host front {");
    Importer importer = new Importer(path -> new byte[0], name -> Optional.empty());
    importer.read(
        Format.DHCPD_CONF, "dhcpd.conf", dhcpd.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String toml = TomlWriter.write(importer.configuration());
    assertThat(importer.report().complete()).as("%s", importer.report().lines()).isTrue();
    assertThat(
            new TreeMap<>(
                Exporter.dhcpd(
                        SettingsAsConfiguration.of(settings(toml).dhcp().orElseThrow().config()))
                    .text()
                    .lines()
                    .collect(java.util.stream.Collectors.groupingBy(line -> line))))
        .isEqualTo(
            new TreeMap<>(
                dhcpd.lines().collect(java.util.stream.Collectors.groupingBy(line -> line))));
  }

  @Test
  void what_the_other_has_no_words_for_is_told() throws Exception {
    Settings settings =
        settings(
            """
            [dhcp]
            rapid-commit = true
            node-name = "{host}-{octet4}"
            [dhcp.options]
            130 = { type = "text", value = "x", always = true }
            [[host]]
            duid = "0x0001"
            address = "10.11.12.9"
            [nfs]
            port = 2050
            """);
    assertThat(unsaid(ExportCommand.Target.DHCPD, settings))
        .contains(
            "dhcp.rapid-commit",
            "dhcp.answer-router-solicitations",
            "node-name = {host}-{octet4}",
            "option 130",
            "[[host]] host-0001");
    assertThat(unsaid(ExportCommand.Target.EXPORTS, settings)).contains("nfs.port = 2050");
    assertThat(unsaid(ExportCommand.Target.HOSTS, settings)).contains("10.11.12.101-10.11.12.199");
  }

  private static List<String> unsaid(ExportCommand.Target target, Settings settings)
      throws Exception {
    return ExportCommand.write(target, settings).unsaid().stream()
        .filter(each -> each.verdict().matters())
        .map(Unsaid::what)
        .toList();
  }

  @Test
  void names_exports_and_an_inventory_go_out() throws Exception {
    Settings settings = settings(OWN);
    assertThat(ExportCommand.write(ExportCommand.Target.HOSTS, settings).text())
        .contains(
            "10.11.12.5\tfront.mycluster.home front\n",
            "10.11.12.101\tkrgnode101.mycluster.home krgnode101\n");
    assertThat(ExportCommand.write(ExportCommand.Target.EXPORTS, settings).text())
        .contains("/NFSROOT/kerrighed *(rw,sync,no_root_squash,no_subtree_check,insecure)");
    assertThat(ExportCommand.write(ExportCommand.Target.ANSIBLE, settings).text())
        .contains(
            "front ansible_host=10.11.12.5 mac=52:54:00:00:00:01", "krgnode103 ansible_host=");
  }
}
