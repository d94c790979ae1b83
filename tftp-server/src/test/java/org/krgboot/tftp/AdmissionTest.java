package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.krgboot.tftp.Admission.Verdict;
import org.krgboot.tftp.TftpPacket.Mode;
import org.krgboot.tftp.TftpPacket.ReadRequest;

/** Who starts when, as scripts of requests and times. */
class AdmissionTest {
  private static final long PLENTY = 1_000_000_000;
  private static final InetAddress OURS = InetAddress.getLoopbackAddress();
  private static final ReadRequest KERNEL = new ReadRequest("vmlinuz", Mode.OCTET, List.of());

  private final Admission admission = new Admission(1000);
  private Instant now = Instant.EPOCH;
  private int active;

  private static InetSocketAddress client(int number) {
    return new InetSocketAddress(OURS, 2000 + number);
  }

  private Verdict asks(int number) {
    return admission.arrived(KERNEL, client(number), OURS, now);
  }

  private void ask(int first, int last) {
    IntStream.rangeClosed(first, last)
        .forEach(number -> assertThat(asks(number)).isEqualTo(Verdict.WAITS));
  }

  /** The clients that start after that time. */
  private List<Integer> after(long millis, long octetsPerSecond) {
    now = now.plusMillis(millis);
    List<Integer> started =
        admission.next(now, active, octetsPerSecond).stream()
            .map(one -> one.client().getPort() - 2000)
            .toList();
    active += started.size();
    return started;
  }

  private static List<Integer> range(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void who_asks_alone_starts_at_once() {
    ask(1, 1);
    assertThat(after(0, 0)).containsExactly(1);
    assertThat(admission.isEmpty()).isTrue();
  }

  @Test
  void a_storm_starts_in_the_order_of_its_requests_as_those_before_it_get_going() {
    ask(1, 200);
    assertThat(after(0, 0)).isEqualTo(range(1, 64));
    assertThat(after(50, PLENTY)).as("nobody has answered yet").isEmpty();
    range(1, 10).forEach(number -> admission.settled(client(number)));
    assertThat(after(0, PLENTY)).isEqualTo(range(65, 74));
    assertThat(after(500, PLENTY)).as("who does not answer is not waited for").hasSize(64);
  }

  @Test
  void where_little_is_left_for_each_of_a_crowd_others_wait_but_never_until_they_give_up() {
    active = 64;
    ask(1, 3);
    long little = 64 * Admission.FAIR_SHARE - 1;
    assertThat(after(0, little)).isEmpty();
    assertThat(after(1999, little)).isEmpty();
    ask(4, 4);
    assertThat(after(1, little)).containsExactly(1, 2, 3);
    assertThat(after(50, 10 * little)).containsExactly(4);
  }

  @Test
  void a_few_slow_clients_keep_nobody_waiting() {
    active = 63;
    ask(1, 2);
    assertThat(after(0, 1)).containsExactly(1);
  }

  @Test
  void a_repeated_request_keeps_its_place_and_is_answered_once() {
    active = 1000;
    ask(1, 2);
    now = now.plusSeconds(1);
    assertThat(asks(1)).isEqualTo(Verdict.REPEATED);
    active = 0;
    assertThat(after(0, 0)).containsExactly(1, 2);
    assertThat(after(0, 0)).isEmpty();
  }

  @Test
  void there_are_never_more_than_the_most_nor_more_waiting() {
    active = 999;
    ask(1, 1000);
    assertThat(asks(1001)).isEqualTo(Verdict.FULL);
    assertThat(after(5000, PLENTY)).containsExactly(1);
    assertThat(after(0, PLENTY)).isEmpty();
    active--;
    assertThat(after(0, PLENTY)).containsExactly(2);
  }

  @Test
  void who_has_not_asked_for_ten_seconds_is_gone() {
    active = 1000;
    ask(1, 3);
    now = now.plusSeconds(9);
    assertThat(asks(2)).isEqualTo(Verdict.REPEATED);
    active = 0;
    assertThat(after(1000, 0)).containsExactly(2);
    assertThat(admission.isEmpty()).isTrue();
  }
}
