package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IscParserTest {
  private final Report report = new Report();

  private List<IscStatement> parse(String text) {
    return parse(text, Map.of());
  }

  private List<IscStatement> parse(String text, Map<String, String> files) {
    return IscParser.parse(
        "dhcpd.conf",
        text.getBytes(StandardCharsets.ISO_8859_1),
        path -> {
          String content = files.get(path);
          if (content == null) {
            throw new IOException("no such file");
          }
          return content.getBytes(StandardCharsets.ISO_8859_1);
        },
        report);
  }

  private List<String> errors(String text) {
    parse(text);
    return report.lines().stream().map(ReportLine::toString).toList();
  }

  @Test
  void parameters_options_and_blocks_have_their_lines() {
    List<IscStatement> statements =
        parse(
            "# c\ndefault-lease-time 600;\nsubnet 10.0.0.0\n netmask 255.0.0.0 {\n  range 10.0.0.5 10.0.0.9;\n}\n");
    assertThat(report.lines()).isEmpty();
    assertThat(statements.getFirst().place()).isEqualTo(new Place("dhcpd.conf", 2));
    IscStatement.Block subnet = (IscStatement.Block) statements.get(1);
    assertThat(subnet.head())
        .extracting(IscToken::written)
        .containsExactly("10.0.0.0", "netmask", "255.0.0.0");
    assertThat(subnet.body().getFirst().place().line()).isEqualTo(5);
  }

  @Test
  void the_how_tos_host_name_is_a_computed_option() {
    IscStatement.OptionValue name =
        (IscStatement.OptionValue)
            parse(
                    "send host-name = concat(\"krgnode\", binary-to-ascii(10, 8, \".\", substring(leased-address, 3, 1)));")
                .getFirst();
    assertThat(report.lines()).isEmpty();
    assertThat(((IscStatement.Computed) name.value()).expression())
        .isInstanceOfSatisfying(
            IscExpression.Call.class, call -> assertThat(call.arguments()).hasSize(2));
  }

  @Test
  void operators_bind_as_in_dhcpd() {
    IscStatement.Conditional chosen =
        (IscStatement.Conditional)
            parse(
                    "if exists user-class and option user-class = \"iPXE\" or option arch = 00:07 { }")
                .getFirst();
    IscExpression.Binary or =
        (IscExpression.Binary) chosen.branches().getFirst().condition().orElseThrow();
    assertThat(or.operator()).isEqualTo("or");
    assertThat(((IscExpression.Binary) or.left()).operator()).isEqualTo("and");
    assertThat(((IscExpression.Binary) or.right()).right())
        .isInstanceOfSatisfying(
            IscExpression.Bytes.class, bytes -> assertThat(bytes.bytes()).isEqualTo("\0\7"));
  }

  @Test
  void else_if_and_elsif_are_branches_of_one_conditional() {
    IscStatement.Conditional chosen =
        (IscStatement.Conditional)
            parse("if known { } elsif static { } else if exists host-name { } else { }").getFirst();
    assertThat(chosen.branches()).hasSize(4);
    assertThat(chosen.branches().getLast().condition()).isEmpty();
  }

  @Test
  void escapes_mean_what_they_mean_in_c() {
    IscStatement.OptionValue option =
        (IscStatement.OptionValue) parse("option x \"a\\tb\\\"\\101\\x41\\n\";").getFirst();
    assertThat(((IscStatement.Data) option.value()).tokens())
        .containsExactly(new IscToken.Quoted(new Place("dhcpd.conf", 1), "a\tb\"AA\n"));
  }

  @Test
  void a_switch_has_its_cases() {
    IscStatement.Switch choice =
        (IscStatement.Switch)
            parse(
                    "switch (option user-class) { case \"a\": filename \"x\"; break; default: filename \"y\"; }")
                .getFirst();
    assertThat(report.lines()).isEmpty();
    assertThat(choice.cases()).hasSize(2);
    assertThat(choice.cases().getFirst().body()).hasSize(2);
  }

  @Test
  void what_dhcpd_also_takes_is_read() {
    parse(
        """
        subnet 10 . 0 . 0 . 0 netmask 255.0.0.0 { }
        key k { algorithm hmac-md5; secret pRP5FapFoJ95JEL06sv4PQ==; };
        zone example. { primary 127.0.0.1; key k; }
        on commit or expiry { set y = concat("a", "b"); log(info, y); execute("/bin/true", y); }
        subclass "a" 1:08:00:2b:4c:39:ad { option host-name "z"; }
        failover peer "f" { primary; peer address 10.0.0.2; load balance max seconds 3; }
        subnet6 2001:db8::/32 { range6 2001:db8::5 2001:db8::9; }
        option r code 121 = array of { integer 8, ip-address };
        group named { }
        """);
    assertThat(report.lines()).isEmpty();
  }

  @Test
  void a_forgotten_semicolon_is_told_and_what_follows_is_read() {
    List<IscStatement> statements =
        parse("option domain-name \"x\"\noption host-name \"y\";\nfilename \"z\";");
    assertThat(report.lines())
        .extracting(ReportLine::toString)
        .containsExactly("dhcpd.conf:1: error: the ';' is missing before 'option'");
    assertThat(statements).hasSize(1);
  }

  @Test
  void braces_that_do_not_match_are_told_with_the_line_of_their_opening() {
    assertThat(errors("group {\n filename \"a\";\n"))
        .containsExactly(
            "dhcpd.conf:1: error: the '{' of this group is never closed; add '}' at the end");
    assertThat(new IscParserTest().errors("}\n"))
        .containsExactly("dhcpd.conf:1: error: this '}' closes nothing");
  }

  @Test
  void an_include_is_read_in_its_place() {
    List<IscStatement> statements =
        parse("include \"hosts\";", Map.of("hosts", "host a { }\nhost b { }\n"));
    IscStatement.Include include = (IscStatement.Include) statements.getFirst();
    assertThat(include.statements()).hasSize(2);
    assertThat(include.statements().get(1).place()).isEqualTo(new Place("hosts", 2));
  }

  @Test
  void an_include_of_itself_ends() {
    parse("include \"a\";", Map.of("a", "include \"a\"; include \"a\";"));
    assertThat(report.failed()).isTrue();
  }

  @Test
  void a_missing_include_is_an_error_in_its_line() {
    assertThat(errors("\ninclude \"b\";"))
        .containsExactly("dhcpd.conf:2: error: 'b' cannot be included: no such file");
  }

  @Test
  void depth_is_bounded() {
    assertThat(errors("group {".repeat(10_000))).isNotEmpty();
    assertThat(new IscParserTest().errors("if " + "(".repeat(10_000) + " { }")).isNotEmpty();
    assertThat(new IscParserTest().errors("if " + "not ".repeat(10_000) + " { }")).isNotEmpty();
    assertThat(new IscParserTest().errors("if a" + " and a".repeat(10_000) + " { }")).isNotEmpty();
  }

  private static final List<String> WORDS =
      List.of(
          "option",
          "if",
          "else",
          "elsif",
          "{",
          "}",
          ";",
          ",",
          "=",
          "(",
          ")",
          "\"",
          "a",
          "1",
          "00:07",
          "10.0.0.1",
          "concat",
          "substring",
          "not",
          "and",
          "or",
          "exists",
          "known",
          "switch",
          "case",
          "default",
          ":",
          "match",
          "spawn",
          "with",
          "set",
          "log",
          "include",
          "code",
          "space",
          "subnet",
          "netmask",
          "host",
          "group",
          "class",
          "subclass",
          "pool",
          "range",
          "\n",
          "#",
          "\\",
          "!=",
          "-");

  @Test
  void any_words_in_any_order_give_statements_and_a_report() {
    Random random = new Random(6);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(WORDS.get(random.nextInt(WORDS.size())))
            .append(random.nextInt(9) == 0 ? "" : " ");
      }
      parse(text.toString());
    }
  }

  @FuzzTest
  void any_bytes_give_statements_and_a_report(byte[] bytes) {
    IscParser.parse("dhcpd.conf", bytes, SourceFiles.none(), new Report());
  }
}
