package org.krgboot.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static String name(String raw) {
    return Target.of(raw) instanceof Target.Named(String name) ? name : "malformed";
  }

  @Test
  void a_path_is_the_name_without_its_slash() {
    assertThat(name("/boot/vmlinuz-6.1.0")).isEqualTo("boot/vmlinuz-6.1.0");
    assertThat(name("/")).isEmpty();
    assertThat(name("//boot.ipxe")).isEqualTo("/boot.ipxe");
  }

  @Test
  void a_query_and_a_fragment_are_no_part_of_the_name() {
    assertThat(name("/boot.ipxe?mac=52:54:00:6b:00:01")).isEqualTo("boot.ipxe");
    assertThat(name("/boot.ipxe#x")).isEqualTo("boot.ipxe");
    assertThat(name("/a%3fb")).isEqualTo("a?b");
  }

  @Test
  void the_absolute_form_is_taken_from_clients_that_think_we_are_a_proxy() {
    assertThat(name("http://10.11.12.1/a/b")).isEqualTo("a/b");
    assertThat(name("HTTPS://server:8443/a?b")).isEqualTo("a");
    assertThat(name("http://server")).isEmpty();
    assertThat(name("http://server?x")).isEqualTo("malformed");
    assertThat(name("ftp://server/a")).isEqualTo("malformed");
  }

  @Test
  void octets_are_decoded_once_so_that_the_jail_sees_what_would_be_opened() {
    assertThat(name("/%2e%2e/%2E%2e%2fetc/passwd")).isEqualTo("../../etc/passwd");
    assertThat(name("/%252e%252e/x")).isEqualTo("%2e%2e/x");
    assertThat(name("/..%5c..%5cx")).isEqualTo("..\\..\\x");
    assertThat(name("/caf%C3%A9")).isEqualTo("café");
    assertThat(name("/a+b%20c")).isEqualTo("a+b c");
  }

  @Test
  void what_can_be_no_name_is_refused() {
    assertThat(Target.of("/a%00b")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("/%")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("/%4")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("/%zz")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("/%-1")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("/%ff%fe")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("/%c0%ae%c0%ae/")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("*")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("")).isInstanceOf(Target.Malformed.class);
    assertThat(Target.of("server:80")).isInstanceOf(Target.Malformed.class);
  }

  @Test
  void random_octets_give_a_name_or_a_refusal() {
    Random random = new Random(1);
    for (int i = 0; i < 50_000; i++) {
      byte[] octets = new byte[random.nextInt(40)];
      random.nextBytes(octets);
      check("/%" + new String(octets, StandardCharsets.ISO_8859_1));
      check(new String(octets, StandardCharsets.UTF_8));
    }
  }

  @FuzzTest
  void any_text_gives_a_name_or_a_refusal(FuzzedDataProvider data) {
    check(data.consumeRemainingAsString());
  }

  private static void check(String raw) {
    if (Target.of(raw) instanceof Target.Named(String name)) {
      assertThat(name).doesNotContain("\0");
    }
  }
}
