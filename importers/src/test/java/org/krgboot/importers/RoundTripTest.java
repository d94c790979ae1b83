package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as people have them: what dhcpd accepts we read, and out and in again nothing is lost. */
class RoundTripTest {
  @TempDir Path directory;

  static List<Path> fixtures() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/dhcpd"))) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }

  private static Imported read(String text) {
    Importer importer =
        new Importer(
            path -> Files.readAllBytes(Path.of("src/test/resources/dhcpd/parts").resolve(path)),
            name -> Optional.empty());
    importer.read(
        Format.DHCPD_CONF, "dhcpd.conf", text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Configuration configuration = importer.configuration();
    return new Imported(configuration, importer.report());
  }

  private static Path dhcpd() {
    assumeTrue(
        Dhcpd.program().isPresent(),
        "isc-dhcp-server is neither installed nor to be had with apt-get download");
    return Dhcpd.program().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void what_dhcpd_accepts_is_read_without_errors(Path fixture) throws Exception {
    String text = Files.readString(fixture);
    Imported imported = read(text);
    assertThat(imported.lines(Verdict.ERROR)).isEmpty();
    assertThat(imported.report().complete())
        .as(
            "%s",
            imported.report().lines().stream().filter(line -> line.verdict().matters()).toList())
        .isEqualTo(!new Fixture(Format.DHCPD_CONF, fixture).isIncomplete());
    Path program = dhcpd();
    try (Stream<Path> parts = Files.list(Path.of("src/test/resources/dhcpd/parts"))) {
      for (Path part : parts.toList()) {
        Files.copy(part, directory.resolve(part.getFileName()));
      }
    }
    assertThat(Dhcpd.refusal(program, directory, text)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void out_and_in_again_is_the_same_and_dhcpd_accepts_it(Path fixture) throws Exception {
    Configuration once = read(Files.readString(fixture)).configuration();
    String exported = Exporter.dhcpd(once).text();
    Imported again = read(exported);
    assertThat(again.lines(Verdict.ERROR)).as(exported).isEmpty();
    assertThat(plain(TomlWriter.write(again.configuration())))
        .as(exported)
        .isEqualTo(plain(TomlWriter.write(once)));
    Function<String, Optional<String>> check =
        text -> {
          try {
            return Dhcpd.refusal(dhcpd(), directory, text);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    assertThat(check.apply(exported)).as(exported).isEmpty();
  }

  static List<Fixture> fixturesOfAllFormats() throws Exception {
    return Fixture.all().stream()
        .filter(each ->
            switch (each.format()) {
              case DHCPD_CONF, KEA, DNSMASQ, WAREWULF -> true;
              default -> false;
            })
        .toList();
  }

  /** What dhcpd has no words for is gone the first time; from then on nothing more is. */
  @ParameterizedTest
  @MethodSource("fixturesOfAllFormats")
  void what_goes_out_of_any_format_is_accepted_by_dhcpd_and_comes_in_the_same(Fixture fixture)
      throws Exception {
    String exported =
        Exporter.dhcpd(fixture.read(Files.readAllBytes(fixture.path())).configuration()).text();
    assertThat(Exporter.dhcpd(read(exported).configuration()).text()).isEqualTo(exported);
    assertThat(Dhcpd.refusal(dhcpd(), directory, exported)).as(exported).isEmpty();
  }

  /** Labels are comments, and T1 and T2 have no other form. */
  private static String plain(String toml) {
    return toml.lines()
        .map(line -> line.replaceFirst(" # .*", ""))
        .reduce("", (a, b) -> a + b + "\n");
  }
}
