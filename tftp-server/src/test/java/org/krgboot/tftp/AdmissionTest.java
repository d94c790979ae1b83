package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;
import org.krgboot.tftp.Admission.Verdict;
import org.krgboot.tftp.TftpPacket.Mode;
import org.krgboot.tftp.TftpPacket.ReadRequest;

/** Who starts when, as scripts of requests and times. */
class AdmissionTest {
  private static final long PLENTY = 1_000_000_000;
  private static final InetAddress OURS = InetAddress.getLoopbackAddress();
  private static final InetAddress STRANGER = Ipv4.parse("10.9.9.9").toInetAddress();
  private static final ReadRequest KERNEL = new ReadRequest("vmlinuz", Mode.OCTET, List.of());

  private final Admission admission = new Admission(1000);
  private Instant now = Instant.EPOCH;
  private int active;
  private final Map<InetAddress, Integer> activeOf = new HashMap<>();

  /** A node, with an address of its own. */
  private static InetSocketAddress client(int number) {
    return new InetSocketAddress(new Ipv4(0x0a000000 + number).toInetAddress(), 2000 + number);
  }

  private static InetSocketAddress stranger(int number) {
    return new InetSocketAddress(STRANGER, 2000 + number);
  }

  private Verdict strangerAsks(int number) {
    return admission.arrived(KERNEL, stranger(number), OURS, now);
  }

  /** Until he is refused; how many requests were kept. */
  private int strangerAsksOnAndOn(int first) {
    int number = first;
    while (strangerAsks(number) == Verdict.WAITS) {
      number++;
    }
    return number - first;
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
    List<InetSocketAddress> started =
        admission.next(now, underWay, octetsPerSecond).stream()
            .map(Admission.Waiting::client)
            .toList();
    active += started.size();
    started.forEach(one -> activeOf.merge(one.getAddress(), 1, Integer::sum));
    return started.stream().map(one -> one.getPort() - 2000).toList();
  }

  private final Admission.UnderWay underWay =
      new Admission.UnderWay() {
        @Override
        public int size() {
          return active;
        }

        @Override
        public int sizeOf(InetAddress address) {
          return activeOf.getOrDefault(address, 0);
        }
      };

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

  @Test
  void one_address_waits_at_no_more_places_than_it_leaves_for_others() {
    active = 1000;
    assertThat(strangerAsksOnAndOn(1)).isEqualTo(500);
    InetAddress other = Ipv4.parse("10.9.9.8").toInetAddress();
    for (int number = 1; number <= 250; number++) {
      InetSocketAddress client = new InetSocketAddress(other, 2000 + number);
      assertThat(admission.arrived(KERNEL, client, OURS, now)).isEqualTo(Verdict.WAITS);
    }
    assertThat(admission.arrived(KERNEL, new InetSocketAddress(other, 2999), OURS, now))
        .isEqualTo(Verdict.FULL);
    ask(1, 250);
    assertThat(asks(251)).as("all are taken").isEqualTo(Verdict.FULL);
  }

  @Test
  void one_address_has_half_of_all_transfers_and_the_rest_are_left_for_others() {
    for (int asked = 1, i = 0; i < 30; i++) { // a storm behind one address, or a stranger
      asked += strangerAsksOnAndOn(asked);
      after(500, PLENTY);
    }
    assertThat(active).isEqualTo(500);
    ask(1, 3);
    assertThat(after(0, PLENTY)).as("he waits at the head of the line").containsExactly(1, 2, 3);
    active -= 4;
    activeOf.put(STRANGER, 496);
    assertThat(after(0, PLENTY)).as("he goes on when there is room for him").hasSize(3);
    assertThat(activeOf).containsEntry(STRANGER, 499);
  }

  @Test
  void who_asks_most_often_does_not_keep_the_places_of_those_that_start() {
    assertThat(strangerAsksOnAndOn(1)).isEqualTo(500);
    assertThat(after(0, 0)).as("nobody else waits").hasSize(64);
    ask(1, 3);
    assertThat(after(499, 0)).isEmpty();
    assertThat(after(1, PLENTY).subList(0, 6)).contains(1, 2, 3);
    ask(4, 4);
    assertThat(after(500, 0)).as("little is left for each: those that wait for 2 s").isEmpty();
    ask(5, 5);
    strangerAsksOnAndOn(1000);
    assertThat(after(1500, 0)).hasSize(64).contains(4);
    assertThat(after(500, 0)).hasSize(64).contains(5);
  }

  @Test
  void those_that_are_gone_leave_their_places_even_if_nobody_can_start() {
    active = 1000;
    ask(1, 1000);
    now = now.plusSeconds(5);
    assertThat(asks(500)).isEqualTo(Verdict.REPEATED);
    assertThat(after(5000, PLENTY)).isEmpty();
    ask(1001, 1999);
    assertThat(asks(2000)).isEqualTo(Verdict.FULL);
  }
}
