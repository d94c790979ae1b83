package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.dhcp.RouterDiscovery.State;
import org.krgboot.dhcp.RouterDiscovery.Step;
import org.krgboot.dhcp.RouterDiscovery.Verdict;
import org.krgboot.dhcp.RouterDiscovery.Why;
import org.krgboot.linux.Icmp6Packet;

class RouterDiscoveryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final String NODE = "fe80::5054:ff:fe12:3456";
  private static final String ROUTER = "fe80::1";

  /** As iPXE sends it: with its link-layer address. */
  private static final String SOLICITATION = "85000000 00000000 0101525400123456";

  /** RFC 4861 section 4.2: hop limit 64, lifetime 1800 s. */
  private static final String ROUTERS = "86000000 40000708 00000000 00000000";

  private static final String EMPTY = "86000000 00000000 00000000 00000000";
  private static final String PREFIX =
      "0304 40c0 00000e10 00000e10 00000000 fd000000000000000000000000000000";

  private State state = State.FIRST;

  private static Icmp6Packet packet(String source, int hopLimit, byte... bytes) {
    try {
      return new Icmp6Packet(bytes, (Inet6Address) InetAddress.getByName(source), hopLimit);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private Verdict at(Instant time, String source, int hopLimit, String bytes) {
    Step step = RouterDiscovery.step(state, packet(source, hopLimit, hex(bytes)), time);
    state = step.next();
    return step.verdict();
  }

  private Verdict at(int second, String source, String bytes) {
    return at(NOW.plusSeconds(second), source, 255, bytes);
  }

  private static Verdict silent(Why why) {
    return new Verdict.Silent(why);
  }

  private static Verdict advertiseTo(String node) {
    return new Verdict.Advertise(packet(node, 255).source());
  }

  @Test
  void a_solicitation_is_answered_to_the_node_alone_each_time() {
    assertThat(at(0, NODE, SOLICITATION)).isEqualTo(advertiseTo(NODE));
    assertThat(at(1, NODE, SOLICITATION)).isEqualTo(advertiseTo(NODE));
    assertThat(at(2, NODE, "8500000000000000")).isEqualTo(advertiseTo(NODE));
  }

  @Test
  void the_answer_makes_nobodys_router_and_has_no_options() {
    assertThat(RouterDiscovery.advertisement()).isEqualTo(hex(EMPTY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"::", "fd00::5", "ff02::1", "::1"})
  void who_is_not_on_the_link_by_address_is_not_answered(String source) {
    assertThat(at(0, source, "8500000000000000")).isEqualTo(silent(Why.NOT_LINK_LOCAL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // RFC 4861, 6.1.1: at least 8 bytes
        "85",
        "85000000000000",
        "8501000000000000", // code 0
        "8500000000000000 01", // half an option
        "8500000000000000 0100525400123456", // an option of length 0
        "8500000000000000 0102525400123456", // an option longer than the packet
        "86000000 40000708 00000000", // 6.1.2: at least 16 bytes
        "86010000 40000708 00000000 00000000",
        "86000000 40000708 00000000 00000000 0300000000000000",
        "8700000000000000 0000000000000000"
      })
  void what_is_malformed_changes_nothing(String bytes) {
    assertThat(at(0, NODE, bytes)).isEqualTo(silent(Why.MALFORMED));
    assertThat(state).isEqualTo(State.FIRST);
  }

  @Test
  void what_a_router_has_passed_on_is_malformed() {
    assertThat(at(NOW, NODE, 254, SOLICITATION)).isEqualTo(silent(Why.MALFORMED));
    assertThat(at(NOW, ROUTER, 64, ROUTERS)).isEqualTo(silent(Why.MALFORMED));
    assertThat(state).isEqualTo(State.FIRST);
  }

  @Test
  void an_address_that_nobody_has_cannot_have_hardware() {
    assertThat(at(0, "::", SOLICITATION)).isEqualTo(silent(Why.MALFORMED));
  }

  @Test
  void a_router_that_speaks_from_another_link_is_malformed() {
    assertThat(at(0, "fd00::1", ROUTERS)).isEqualTo(silent(Why.MALFORMED));
    assertThat(at(1, NODE, SOLICITATION)).isEqualTo(advertiseTo(NODE));
  }

  @Test
  void where_another_router_advertises_we_are_silent_for_half_an_hour() {
    assertThat(at(0, ROUTER, ROUTERS)).isEqualTo(silent(Why.ADVERTISEMENT));
    assertThat(at(0, NODE, SOLICITATION)).isEqualTo(silent(Why.OTHER_ROUTER));
    assertThat(at(1799, NODE, SOLICITATION)).isEqualTo(silent(Why.OTHER_ROUTER));
    assertThat(at(1800, NODE, SOLICITATION)).isEqualTo(advertiseTo(NODE));
  }

  @Test
  void a_router_of_longer_lifetime_keeps_us_silent_for_that_and_a_second_one_takes_nothing_off() {
    at(0, ROUTER, "86000000 40002328 00000000 00000000");
    at(1, "fe80::2", ROUTERS);
    assertThat(at(8999, NODE, SOLICITATION)).isEqualTo(silent(Why.OTHER_ROUTER));
    assertThat(at(9000, NODE, SOLICITATION)).isEqualTo(advertiseTo(NODE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "86000000 00800000 00000000 00000000", // M: addresses by DHCPv6
        "86000000 00400000 00000000 00000000", // O: other things by DHCPv6
        EMPTY + "0101525400000001" + PREFIX // no default router, but addresses
      })
  void who_offers_addresses_without_being_a_default_router_keeps_us_silent_too(String bytes) {
    at(0, ROUTER, bytes);
    assertThat(at(1, NODE, SOLICITATION)).isEqualTo(silent(Why.OTHER_ROUTER));
  }

  @Test
  void an_advertisement_of_nothing_such_as_another_boot_servers_does_not_silence_us() {
    assertThat(at(0, ROUTER, EMPTY)).isEqualTo(silent(Why.ADVERTISEMENT));
    assertThat(at(1, NODE, SOLICITATION)).isEqualTo(advertiseTo(NODE));
  }

  @Test
  void a_flood_gets_a_bounded_number_of_answers_a_second() {
    int answered = 0;
    for (int i = 0; i < 10_000; i++) {
      Verdict verdict = at(NOW.plusNanos(i), NODE, 255, SOLICITATION);
      answered += verdict instanceof Verdict.Advertise ? 1 : 0;
    }
    assertThat(answered).isEqualTo(RouterDiscovery.MAX_ANSWERS_A_SECOND);
    assertThat(at(NOW.plusMillis(999), NODE, 255, SOLICITATION)).isEqualTo(silent(Why.TOO_MANY));
    assertThat(at(1, NODE, SOLICITATION)).isEqualTo(advertiseTo(NODE));
  }

  @Test
  void a_clock_set_back_does_not_end_the_answers() {
    at(0, NODE, SOLICITATION);
    assertThat(at(-86400, NODE, SOLICITATION)).isEqualTo(advertiseTo(NODE));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void random_bytes_give_a_verdict(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      anyBytesGiveAVerdict(bytes);
    }
  }

  @FuzzTest
  void any_bytes_give_a_verdict(byte[] bytes) {
    anyBytesGiveAVerdict(bytes);
  }

  /** As they are, and behind the header of either type. */
  private static void anyBytesGiveAVerdict(byte[] bytes) {
    decided(bytes);
    for (String header : new String[] {"8500000000000000", EMPTY}) {
      byte[] head = hex(header);
      byte[] whole = Arrays.copyOf(head, head.length + bytes.length);
      System.arraycopy(bytes, 0, whole, head.length, bytes.length);
      decided(whole);
    }
  }

  private static void decided(byte[] bytes) {
    Step step = RouterDiscovery.step(State.FIRST, packet(NODE, 255, bytes), NOW);
    boolean answered = step.verdict() instanceof Verdict.Advertise;
    assertThat(answered && bytes[0] != (byte) RouterDiscoveryMessage.SOLICITATION).isFalse();
  }
}
