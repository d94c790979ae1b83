package org.krgboot.bootfiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** The rules of tftpd(8), the examples of its package among them. */
class RemapRulesTest {
  private static final Ipv4 NODE = Ipv4.parse("10.11.12.101");
  private static final Optional<MacAddress> MAC =
      Optional.of(MacAddress.parse("52:54:00:12:34:56"));

  private static RemapRules rules(String file) {
    return ((RemapRules.Parsed.Rules) RemapRules.parse(file)).rules();
  }

  private static String map(String file, String name) {
    return switch (rules(file).apply(name, NODE, MAC)) {
      case RemapRules.Mapped.Name(String mapped) -> mapped;
      case RemapRules.Mapped.Refused _ -> "REFUSED";
    };
  }

  private static String wrong(String file) {
    return ((RemapRules.Parsed.Wrong) RemapRules.parse(file)).problems().toString();
  }

  @Test
  void without_a_match_the_name_stays() {
    assertThat(map("", "a")).isEqualTo("a");
    assertThat(map("# only a comment\n\n  \t\nr ^x y # why\n", "a")).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource({
    "r ^/tftpboot/ /, /tftpboot/a, /a",
    "r a b, aaa, baa",
    "rg a b, aaa, bbb",
    "rg \\\\ /, C:\\a\\b, C:/a/b",
    "ri ^[a-z]:, C:/a, /a",
    "r ^([^/]+)/(.*)$ \\2-\\1, x/y, y-x",
    "r $ .img, a, a.img",
    "r ^x, xyz, yz",
    "r .* /\\i/\\0, a, /10.11.12.101/a",
    "r .* \\x, a, 0A0B0C65",
    "r .* \\m, a, 52-54-00-12-34-56",
    "r (.*) \\U\\1\\E-\\L\\1, aB, AB-ab",
    "r [[:digit:]]+ N, a123, aN",
    "r [[:upper:]_-]+ x, AB_-c, xc",
    "r []x] y, a], ay",
    "r [\\d] y, d\\, y\\",
    "r a\\ b c, a b, c",
    "r a\\#b c, a#b, c",
    "P r x y, x, x",
  })
  void the_operations_do_what_the_manual_says(String line, String name, String mapped) {
    String rule = line.startsWith("P ") ? "rP" + line.substring(3) : line;
    assertThat(map(rule.replaceFirst("^r \\^x$", "r ^x"), name)).isEqualTo(mapped.strip());
  }

  @Test
  void the_sample_of_the_package_maps_what_it_says() {
    String sample =
        """
        # Convert backslash to slash, drive letters away, and so on
        rg\t\\\\\t\t/
        r\t^[^/]\t/tftpboot/\\0
        e\t^/tftpboot/
        a\t^/
        """;
    assertThat(map(sample, "a\\b")).isEqualTo("/tftpboot/a/b");
    assertThat(map(sample, "/tftpboot/x")).isEqualTo("/tftpboot/x");
    assertThat(map(sample, "/etc/passwd")).isEqualTo("REFUSED");
  }

  @Test
  void a_rule_can_end_start_over_refuse_and_match_what_does_not_match() {
    assertThat(map("re a b\nr b c\n", "a")).isEqualTo("b");
    assertThat(map("r x y\nrs a x\nr y z\n", "a")).isEqualTo("z");
    assertThat(map("~a ^boot/\n", "other")).isEqualTo("REFUSED");
    assertThat(map("~a ^boot/\n", "boot/a")).isEqualTo("boot/a");
    assertThat(map("aG x\n", "x")).isEqualTo("REFUSED");
  }

  @Test
  void rules_without_end_refuse() {
    assertThat(map("rg a aa\n", "a")).isEqualTo("REFUSED");
    assertThat(map("rs a a\n", "a")).isEqualTo("REFUSED");
    assertThat(map("s a\n", "a")).isEqualTo("REFUSED");
  }

  @Test
  void an_expression_that_tries_everything_is_stopped_and_its_line_named() {
    RemapRules.Mapped mapped =
        rules("r x y\nr ^(a*)(a*)(a*)(a*)(a*)(a*)b$ c\n").apply("a".repeat(60), NODE, MAC);
    assertThat(mapped.toString()).contains("line 2 of the map file", "no end");
    RemapRules.Mapped deep = rules("r ^(a|b)*$ c\n").apply("ab".repeat(100_000), NODE, MAC);
    assertThat(deep.toString()).contains("line 1");
    assertThat(rules("a ^no\n").apply("nothing", NODE, MAC).toString())
        .contains("line 1 of the map file refuses this name");
  }

  @Test
  void all_mistakes_are_told_with_their_lines() {
    assertThat(wrong("r a b\nz a\nr (\nr\ng a\n~r a b\ne a b\nr [a b\nr [[:foo:]] b\n"))
        .contains(
            "line=2, text='z' has letters of no operation",
            "line=3, text=the expression is wrong",
            "line=4, text=an expression is missing",
            "line=5, text='g' repeats",
            "line=6, text='~' and 'r'",
            "line=7, text=there is a word too many",
            "line=8, text=the expression has a '['",
            "line=9, text=there is no class [:foo:]")
        .doesNotContain("line=1,");
  }

  @Test
  void any_file_gives_rules_or_mistakes() {
    Random random = new Random(8);
    String signs = "rgieas~GP \\[]^$.*+?(){}|:ab/#\t\n19ixULE-&";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("r ");
      random.ints(random.nextInt(25), 0, signs.length()).forEach(j -> text.append(signs.charAt(j)));
      if (RemapRules.parse(text.toString()) instanceof RemapRules.Parsed.Rules(RemapRules rules)) {
        assertThat(rules.apply("abba/1[9]", NODE, Optional.empty())).isNotNull();
      }
    }
  }
}
