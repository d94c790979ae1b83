package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Small files that mean something huge are refused with a line, and not carried out. */
class BombsTest {
  /** Every file has this text. */
  private record Everywhere(String text) implements SourceFiles {
    @Override
    public byte[] read(String path) {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<String> list(String directory) {
      return List.of(directory + "/a", directory + "/b", directory + "/c");
    }
  }

  private static Imported read(Format format, String text, SourceFiles files) {
    Importer importer = new Importer(files, name -> Optional.empty());
    importer.read(format, "a", text.getBytes(StandardCharsets.UTF_8));
    Configuration configuration = importer.configuration();
    return new Imported(configuration, importer.report());
  }

  @Test
  void files_that_include_themselves_are_left_at_some_depth() {
    String dhcpd = "include \"a\"; include \"b\";\n";
    assertThat(read(Format.DHCPD_CONF, dhcpd, new Everywhere(dhcpd)).lines(Verdict.ERROR))
        .first()
        .asString()
        .contains("does 'a' include itself?");
    String kea = "{ <?include \"a\"?>, <?include \"b\"?> }\n";
    assertThat(read(Format.KEA, kea, new Everywhere(kea)).lines(Verdict.ERROR))
        .anyMatch(line -> line.contains("does 'a' include itself?"));
    String dnsmasq = "conf-dir=/etc/dnsmasq.d\nconf-file=x\n";
    assertThat(read(Format.DNSMASQ, dnsmasq, new Everywhere(dnsmasq)).lines(Verdict.ERROR))
        .anyMatch(line -> line.contains("include itself?"));
  }

  @Test
  void included_files_are_not_read_without_end() {
    String large = "# " + "x".repeat(15 << 20) + "\ninclude \"a\"; include \"b\";\n";
    assertThat(
            read(Format.DHCPD_CONF, "include \"a\";", new Everywhere(large)).lines(Verdict.ERROR))
        .anyMatch(line -> line.contains("is too large"));
  }

  @Test
  void a_range_of_all_addresses_is_not_counted_one_by_one() {
    Map<Format, String> texts =
        Map.of(
            Format.DHCPD_CONF,
            "subnet 0.0.0.0 netmask 0.0.0.0 { range 0.0.0.1 255.255.255.254; }",
            Format.KEA,
            "{\"Dhcp4\": {\"subnet4\": [{\"subnet\": \"0.0.0.0/0\","
                + " \"pools\": [{\"pool\": \"0.0.0.0/0\"}]}]}}",
            Format.DNSMASQ,
            "dhcp-range=0.0.0.1,255.255.255.254,0.0.0.0,1h\n");
    texts.forEach((format, text) -> {
      Imported imported = read(format, text, SourceFiles.none());
      assertThat(imported.report().complete()).as("%s", imported.report().lines()).isFalse();
      assertThat(imported.configuration().subnets()).allMatch(subnet -> subnet.pools().isEmpty());
    });
  }

  @Test
  void what_is_nested_too_deep_is_refused() {
    for (String open : List.of("group {", "if known {", "pool {", "option x = concat(")) {
      assertThat(
              read(Format.DHCPD_CONF, open.repeat(100_000), SourceFiles.none()).report().failed())
          .as(open)
          .isTrue();
    }
    for (String open : List.of("[", "{\"a\":", "/*")) {
      assertThat(read(Format.KEA, open.repeat(100_000), SourceFiles.none()).report().failed())
          .as(open)
          .isTrue();
    }
  }

  @Test
  void numbers_without_end_are_no_numbers() {
    String digits = "9".repeat(1000);
    Map<Format, String> texts =
        Map.of(
            Format.DHCPD_CONF, "default-lease-time " + digits + ";",
            Format.KEA, "{\"Dhcp4\": {\"valid-lifetime\": " + digits + "}}",
            Format.DNSMASQ, "dhcp-option=26," + digits + "\n",
            Format.KERRIGHED_NODES, "session=" + digits + "\n",
            Format.DRBLPUSH, "[eth1]\nrange=" + digits + "\n");
    texts.forEach((format, text) ->
        assertThat(read(format, text, SourceFiles.none()).report().complete())
            .as("%s", format)
            .isFalse());
  }

  @Test
  void a_file_that_cannot_be_read_is_told() {
    SourceFiles broken =
        path -> {
          throw new IOException("no such file");
        };
    assertThat(read(Format.DNSMASQ, "conf-dir=/x\nconf-file=/y\n", broken).lines(Verdict.IGNORED))
        .containsExactly(
            "1: '/x' cannot be read: there is no such directory",
            "2: '/y' cannot be read: no such file");
  }
}
