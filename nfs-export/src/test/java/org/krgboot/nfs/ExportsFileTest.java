package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.ExportWords.line;
import static org.krgboot.nfs.ExportWords.notes;
import static org.krgboot.nfs.ExportWords.parse;
import static org.krgboot.nfs.ExportWords.problems;
import static org.krgboot.nfs.ExportWords.terms;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** exports(5), sentence by sentence. */
class ExportsFileTest {
  @Test
  void the_line_of_the_how_to_means_what_it_meant_and_gives_no_remark() throws Exception {
    String text = "/NFSROOT/kerrighed *(rw,sync,no_root_squash,no_subtree_check)\n";
    assertThat(line(parse(text).exports().getFirst())).isEqualTo("/NFSROOT/kerrighed *(rw,none)");
    assertThat(notes(text)).isEmpty();
  }

  @Test
  void an_empty_file_exports_nothing() throws Exception {
    assertThat(parse("").exports()).isEmpty();
    assertThat(parse("\n  \n\t# only words\n").exports()).isEmpty();
  }

  @Test
  void a_backslash_at_the_end_joins_lines_but_not_in_a_comment() throws Exception {
    assertThat(terms("/a \\\n\t front(rw)\n", "10.11.12.1")).isEqualTo("rw");
    assertThat(parse("# no more \\\n/a *(ro)\n").exports()).hasSize(1);
    assertThat(problems("/a \\\n\\\n front(wr)\n"))
        .singleElement()
        .asString()
        .startsWith("exports:3: ");
  }

  @Test
  void quotes_and_octal_digits_keep_blanks_in_a_path() throws Exception {
    Path path = Path.of("/srv/with blank");
    for (String text :
        new String[] {"\"/srv/with blank\"", "/srv/with\\040blank", "/srv/with\" \"blank"}) {
      assertThat(parse(text + " *(ro)").exports().getFirst().path()).as(text).isEqualTo(path);
    }
    assertThat(problems("\"/srv/open *(ro)\n/b *(ro)\n").getFirst())
        .isEqualTo("exports:1: the quote in '/srv/open *(ro)' is not closed");
  }

  @Test
  void a_number_sign_begins_a_comment_only_where_a_word_would_begin() throws Exception {
    assertThat(parse("/a#1 *(ro) #*(rw)").exports().getFirst().path()).isEqualTo(Path.of("/a#1"));
    assertThat(line(parse("/a *(ro) #*(rw)").exports().getFirst())).isEqualTo("/a *(ro)");
  }

  @Test
  void default_options_hold_for_each_client_of_the_line_and_its_own_are_added() throws Exception {
    String text = "/a -rw,async front trusty(ro) pc001(sync)\n/b *(ro)\n";
    assertThat(terms(text, "10.11.12.1")).isEqualTo("rw,async");
    assertThat(terms(text, "10.11.12.2")).isEqualTo("ro,async");
    assertThat(terms(text, "10.11.12.3")).isEqualTo("rw");
    assertThat(line(parse(text).exports().get(1))).isEqualTo("/b *(ro)");
    assertThat(problems("/a front(rw) -ro\n"))
        .singleElement()
        .asString()
        .contains("right behind the path");
  }

  @Test
  void a_blank_before_the_options_is_told_with_what_it_would_do() {
    assertThat(problems("/a front (rw)"))
        .containsExactly(
            "exports:1: the blank before (rw) would give (rw) to everybody, and front only what it has"
                + " without; write front(rw), or *(rw) if everybody is meant");
    assertThat(problems("/a front(ro) (rw)"))
        .singleElement()
        .asString()
        .contains("write front(rw)");
  }

  @Test
  void options_without_a_client_are_everybodys_and_that_is_told() throws Exception {
    assertThat(line(parse("/a (rw)").exports().getFirst())).isEqualTo("/a *(rw)");
    assertThat(notes("/a (rw)"))
        .containsExactly("exports:1: (rw) without a client is for everybody; write *(rw)");
  }

  @Test
  void a_client_without_options_gets_the_defaults_and_that_is_told() throws Exception {
    assertThat(terms("/a front", "10.11.12.1")).isEqualTo("ro");
    assertThat(notes("/a front")).singleElement().asString().contains("write front(ro)");
    assertThat(notes("/a front()")).isEmpty();
  }

  @Test
  void a_path_without_client_is_exported_to_nobody_and_refused() {
    assertThat(problems("/a\n/b -rw\n/c(rw)\n"))
        .containsExactly(
            "exports:1: '/a' has no client; write *(ro) behind it if it is for everybody",
            "exports:2: '/b' has no client; write *(ro) behind it if it is for everybody",
            "exports:3: there is no blank between the path and its client; write /path client(options)");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.7, 10.0.0.7, 10.0.0.8",
    "10.0.0.0/24, 10.0.0.255, 10.0.1.0",
    "10.0.0.0/255.255.0.0, 10.0.255.1, 10.1.0.1",
    "10.0.0.0/0, 203.0.113.9, none",
    "0.0.0.0/0.0.0.0, 203.0.113.9, none",
    "10.0.0.9/30, 10.0.0.8, 10.0.0.12",
    "10.0.0.7/32, 10.0.0.7, 10.0.0.6",
    "front, 10.11.12.1, 10.11.12.2",
    "krgnode1?1, 10.11.12.101, 10.11.12.102",
    "krgnode[0-9]*, 10.11.12.102, 10.11.12.1",
    "krgnode10[!1], 10.11.12.102, 10.11.12.101",
    "*.mycluster.home, 10.11.12.101, 10.11.12.102",
    "*.HOME, 10.11.12.101, 10.11.12.102",
    "*, 203.0.113.9, none"
  })
  void a_client_is_one_host_or_many(String client, String in, String out) throws Exception {
    String text = "/a " + client + "(rw)";
    assertThat(terms(text, in)).isEqualTo("rw");
    if (!out.equals("none")) {
      assertThat(terms(text, out)).isEqualTo("none");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "@nodes(rw) | name its hosts or their network",
        "gss/krb5i(rw) | wants Kerberos",
        "10.0.0.256(rw) | is not an IPv4 address",
        "10.0.0(rw) | is not an IPv4 address",
        "10.0.0.0/33(rw) | write /24 or /255.255.255.0",
        "10.0.0.0/255.0.255.0(rw) | write /24 or /255.255.255.0",
        "10.0.0.0/(rw) | write /24 or /255.255.255.0",
        "192.168.1.*(rw) | write 192.168.1.0/24",
        "10.*.*.*(rw) | write 10.0.0.0/8",
        "10.?.1.2(rw) | a network, such as 192.0.2.0/24",
        "no:t!host(rw) | is no client",
        "node[9(rw) | write it as node[0-9]",
        "front(rw)(ro) | is no client; write client(rw,sync)",
        "front(rw | do not end; write client(rw,sync) without blanks",
        "front(rw, sync) | do not end; write client(rw,sync) without blanks",
        "front) | closes what is not open"
      })
  void a_malformed_client_is_refused_with_what_is_right(String client, String right) {
    assertThat(problems("/a " + client))
        .singleElement()
        .asString()
        .startsWith("exports:1: ")
        .contains(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rw | rw",
        "ro,rw | rw",
        "rw,ro | ro",
        "async | ro,async",
        "async,sync | ro",
        "insecure | ro,insecure",
        "insecure,secure | ro",
        "no_root_squash | ro,none",
        "no_root_squash,root_squash | ro",
        "all_squash,no_root_squash | ro,all",
        "all_squash,no_all_squash | ro",
        "anonuid=1000,anongid=100 | ro,1000:100",
        "anonuid=-2,anongid=4294967294 | ro,-2:-2",
        "rw,,sync, | rw",
        "sec=sys,sec=sys:sys | ro"
      })
  void an_option_has_its_effect_and_the_later_of_two_holds(String options, String terms)
      throws Exception {
    String text = "/a front(" + options + ")";
    assertThat(terms(text, "10.11.12.1")).isEqualTo(terms);
    assertThat(notes(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wdelay",
        "subtree_check",
        "crossmnt",
        "nohide",
        "acl",
        "secure_locks",
        "insecure_locks",
        "auth_nlm",
        "no_auth_nlm",
        "pnfs",
        "no_pnfs",
        "security_label",
        "nordirplus"
      })
  void an_option_without_effect_is_accepted_and_named(String option) throws Exception {
    assertThat(notes("/a\tfront(ro," + option + ") trusty(ro," + option + ")"))
        .singleElement()
        .asString()
        .startsWith("exports:1: '" + option + "' is accepted, without effect: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no_subtree_check", "no_wdelay", "hide", "nocrossmnt", "no_acl"})
  void an_option_that_says_how_it_is_needs_no_remark(String option) throws Exception {
    assertThat(notes("/a front(ro," + option + ")")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no_rootsquash | unknown option 'no_rootsquash'. Did you mean 'no_root_squash'?",
        "RW | unknown option 'RW'. Did you mean 'rw'?",
        "sunc | Did you mean 'sync'?",
        "whatever | unknown option 'whatever'; docs/supported/exports.md lists",
        "nolock | an option of the client's mount",
        "rsize=8192 | an option of the client's mount",
        "sec=krb5p | sec=krb5p is not served",
        "sec=sys:krb5 | is not served",
        "sec | needs a value",
        "rw=front | takes no value; write just rw",
        "wdelay=1 | takes no value",
        "anonuid=nobody | is no id; write a number",
        "anonuid=-1 | is no id",
        "anongid=4294967295 | is no id",
        "anonuid= | is no id",
        "fsid=x | write root, a number up to 4294967295, or a UUID",
        "fsid=4294967296 | write root",
        "refer=/b@other | 'refer' is not served",
        "xprtsec=mtls | TLS is not served",
        "mp=disk | is no path"
      })
  void a_wrong_option_is_refused_with_what_is_right(String option, String right) {
    assertThat(problems("\n/a front(rw," + option + ")"))
        .singleElement()
        .asString()
        .startsWith("exports:2: ")
        .contains(right);
  }

  @Test
  void all_that_is_wrong_is_told_at_once_each_with_its_line() {
    assertThat(problems("/a *(wr)\nb *(rw)\n/c @nodes(rw,synk) \\\n 10.0.0.1/40(ro)\n/d *(rw)\n"))
        .hasSize(5)
        .satisfies(all -> {
          assertThat(all.get(0)).startsWith("exports:1: unknown option 'wr'");
          assertThat(all.get(1)).startsWith("exports:2: 'b' is no path");
          assertThat(all.get(2)).startsWith("exports:3: ");
          assertThat(all.get(3)).startsWith("exports:3: ");
          assertThat(all.get(4)).startsWith("exports:4: ");
        });
  }

  @Test
  void the_narrowest_client_that_fits_holds_wherever_it_stands() throws Exception {
    String text =
        "/a *(ro,all_squash) krgnode*(ro,insecure) 10.0.0.0/8(ro,async) 10.11.0.0/16(rw,async)"
            + " krgnode102(rw)\n";
    assertThat(terms(text, "10.11.12.102")).isEqualTo("rw");
    assertThat(terms(text, "10.11.12.101")).isEqualTo("rw,async");
    assertThat(terms(text, "10.9.9.9")).isEqualTo("ro,async");
    assertThat(terms(text, "192.0.2.1")).isEqualTo("ro,all");
    assertThat(notes(text))
        .singleElement()
        .asString()
        .contains("nfs-utils takes the one written first");
    assertThat(terms("/a krgnode*(rw) *(ro)", "10.11.12.101")).isEqualTo("rw");
  }

  @Test
  void entries_of_one_path_are_one_export_and_of_a_client_named_twice_the_first_holds()
      throws Exception {
    String text = "/a front(rw)\n/b *(ro)\n/a/ trusty(ro) FRONT(ro) front(ro)\n";
    assertThat(parse(text).exports()).hasSize(2);
    assertThat(terms(text, "10.11.12.1")).isEqualTo("rw");
    assertThat(notes(text))
        .anyMatch(note -> note.startsWith("exports:3: /a names front twice; line 1 holds"));
  }

  @Test
  void an_fsid_is_a_number_or_a_uuid_and_belongs_to_one_export() throws Exception {
    assertThat(line(parse("/a *(ro,fsid=root)").exports().getFirst())).isEqualTo("/a fsid=0 *(ro)");
    assertThat(line(parse("/a *(ro,fsid=4294967295)").exports().getFirst()))
        .contains("fsid=4294967295");
    String uuid = "fsid=d1a2b3c4-0000-1111-2222-333344445555";
    assertThat(parse("/a *(ro," + uuid + ")").exports().getFirst().fsid())
        .isEqualTo(
            parse("/a *(" + uuid.toUpperCase().replace("-", "").replace("FSID", "fsid") + ")")
                .exports()
                .getFirst()
                .fsid())
        .isPresent();
    assertThat(problems("/a *(ro,fsid=1)\n/b *(ro,fsid=1)"))
        .containsExactly(
            "exports:2: the fsid of /b is that of /a (line 1) already; give each export its own, or none");
    assertThat(problems("/a front(ro,fsid=1) trusty(ro,fsid=2)"))
        .singleElement()
        .asString()
        .contains("two fsids");
    assertThat(parse("/a front(ro,fsid=1) trusty(ro)").exports()).hasSize(1);
  }

  @Test
  void a_mount_point_is_the_export_itself_or_named() throws Exception {
    assertThat(parse("/a *(ro,mp)").exports().getFirst().mountPoint()).contains(Path.of("/a"));
    assertThat(parse("/a/b *(ro,mountpoint=/a)").exports().getFirst().mountPoint())
        .contains(Path.of("/a"));
  }

  @Test
  void a_host_without_address_is_told_and_refused_where_others_could_include_it() throws Exception {
    assertThat(terms("/a gone(rw)", "10.11.12.1")).isEqualTo("none");
    assertThat(notes("/a gone(rw)")).singleElement().asString().contains("add it to /etc/hosts");
    assertThat(notes("/a *.elsewhere(rw)")).singleElement().asString().contains("nobody is let in");
    assertThat(problems("/a gone(ro) *(rw)")).singleElement().asString().contains("may include it");
  }

  @Test
  void a_path_that_leads_nowhere_is_refused() {
    assertThat(problems("relative *(ro)").getFirst()).contains("is no path");
    assertThat(problems("/a/../b *(ro)").getFirst()).contains("'..'");
    assertThat(problems("/a\\000b *(ro)").getFirst()).contains("cannot be used");
    assertThat(problems("/\\377 *(ro)").getFirst()).contains("not UTF-8");
    assertThat(problems("/" + "x".repeat(1024) + " *(ro)").getFirst()).contains("longer than 1024");
  }
}
