package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.krgboot.tftp.ReadTransfer.Effect;
import org.krgboot.tftp.ReadTransfer.Effect.SendBlocks;
import org.krgboot.tftp.ReadTransfer.Effect.SendOptionAck;
import org.krgboot.tftp.ReadTransfer.Input;
import org.krgboot.tftp.ReadTransfer.Outcome;
import org.krgboot.tftp.TftpPacket.Option;

/** Every rule of the state machine as a script of packets and times. */
class ReadTransferTest {
  private static final Input TICK = new Input.TimePassed();
  private static final Input ERROR = new Input.ClientError();
  private static final List<Option> SOME = List.of(new Option("blksize", "512"));

  private Instant now = Instant.EPOCH;
  private ReadTransfer state = new ReadTransfer.Done(Outcome.GIVEN_UP);

  private static TransferPlan plan(long blocks, int window, List<Option> granted) {
    return new TransferPlan(
        (blocks - 1) * 512, 512, window, RollOver.TO_ZERO, Optional.empty(), granted);
  }

  private static Input ack(int block) {
    return new Input.Acked(block);
  }

  private List<Effect> start(TransferPlan plan) {
    ReadTransfer.Step step = ReadTransfer.start(plan, now);
    state = step.next();
    return step.effects();
  }

  private List<Effect> after(long millis, Input input) {
    now = now.plusMillis(millis);
    ReadTransfer.Step step = ReadTransfer.step(state, input, now);
    state = step.next();
    return step.effects();
  }

  private static List<Effect> blocks(long first, long last, long again) {
    return List.of(new SendBlocks(first, last, again));
  }

  private void assertDone(Outcome how) {
    assertThat(state).isEqualTo(new ReadTransfer.Done(how));
  }

  @Test
  void without_options_the_first_block_is_the_answer() {
    assertThat(start(plan(2, 1, List.of()))).isEqualTo(blocks(1, 1, 0));
    assertThat(after(1, ack(1))).isEqualTo(blocks(2, 2, 0));
    assertThat(after(1, ack(2))).isEmpty();
    assertDone(Outcome.SENT);
  }

  @Test
  void with_options_the_oack_is_answered_by_ack_0() {
    assertThat(start(plan(3, 2, SOME))).containsExactly(new SendOptionAck());
    assertThat(after(1, ack(5))).isEmpty();
    assertThat(after(1, ack(0))).isEqualTo(blocks(1, 2, 0));
    assertThat(after(1, ack(2))).isEqualTo(blocks(3, 3, 0));
    assertThat(after(1, ack(3))).isEmpty();
    assertDone(Outcome.SENT);
  }

  @Test
  void a_lost_oack_is_sent_again_and_a_silent_client_given_up() {
    start(plan(3, 1, SOME));
    assertThat(after(499, TICK)).isEmpty();
    assertThat(after(1, TICK)).containsExactly(new SendOptionAck());
    assertThat(after(999, TICK)).isEmpty();
    assertThat(after(1, TICK)).containsExactly(new SendOptionAck());
    assertThat(after(29_000, TICK)).isEmpty();
    assertDone(Outcome.GIVEN_UP);
  }

  @Test
  void duplicate_acks_in_lock_step_never_double_the_data() {
    start(plan(5, 1, List.of()));
    assertThat(after(1, ack(1))).isEqualTo(blocks(2, 2, 0));
    assertThat(after(1, ack(1))).isEmpty();
    assertThat(after(1, ack(1))).isEmpty();
    assertThat(after(1, ack(0))).isEmpty();
    assertThat(after(1, ack(2))).isEqualTo(blocks(3, 3, 0));
  }

  @Test
  void acks_from_the_future_or_the_past_change_nothing() {
    start(plan(100, 4, List.of()));
    after(1, ack(4));
    ReadTransfer before = state;
    for (int block : new int[] {0, 3, 9, 100, 32768, 65535}) {
      assertThat(after(0, ack(block))).isEmpty();
      assertThat(state).isEqualTo(before);
    }
  }

  @Test
  void a_gap_is_repaired_from_its_first_block() {
    start(plan(100, 8, List.of()));
    assertThat(after(1, ack(8))).isEqualTo(blocks(9, 16, 0));
    assertThat(after(1, ack(11))).isEqualTo(blocks(12, 19, 5));
  }

  @Test
  void a_window_lost_at_its_first_block_is_repaired_once_for_a_repeated_ack() {
    start(plan(100, 8, List.of()));
    assertThat(after(10, ack(8))).isEqualTo(blocks(9, 16, 0));
    assertThat(after(1, ack(8))).as("too soon to be an answer").isEmpty();
    assertThat(after(9, ack(8))).isEqualTo(blocks(9, 16, 8));
    assertThat(after(9, ack(8))).as("only once").isEmpty();
    assertThat(after(9, ack(8))).isEmpty();
    assertThat(after(1, ack(16))).isEqualTo(blocks(17, 24, 0));
  }

  @Test
  void a_wait_that_has_become_too_short_is_not_kept_although_nothing_clean_tells() {
    start(plan(1000, 1, List.of()));
    for (int block = 1; block <= 60; block++) {
      after(1, ack(block));
    }
    long resent = 0;
    for (int block = 61; block <= 100; block++) { // each answer takes 200 ms from now on
      for (int i = 0; i < 200; i++) {
        resent += after(1, TICK).size();
      }
      after(0, ack(block));
    }
    assertThat(resent).isLessThan(10);
  }

  @Test
  void the_wait_is_learnt_from_the_answers_and_doubles_with_each_loss() {
    start(plan(1000, 1, List.of()));
    for (int block = 1; block <= 20; block++) {
      after(2, ack(block));
    }
    assertThat(after(9, TICK)).isEmpty();
    assertThat(after(1, TICK)).isEqualTo(blocks(21, 21, 1));
    assertThat(after(19, TICK)).isEmpty();
    assertThat(after(1, TICK)).isEqualTo(blocks(21, 21, 1));
    assertThat(after(2, ack(21))).isEqualTo(blocks(22, 22, 0));
    assertThat(after(39, TICK)).as("that answer may be to either").isEmpty();
    assertThat(after(0, ack(22))).isEqualTo(blocks(23, 23, 0));
    assertThat(after(10, ack(23))).isEqualTo(blocks(24, 24, 0));
    assertThat(after(40, TICK)).as("a clean answer ends the doubling").hasSize(1);
  }

  @Test
  void a_client_that_answers_late_at_times_is_given_more_time_after_each_hasty_resend() {
    start(plan(1000, 1, List.of()));
    for (int block = 1; block <= 60; block++) {
      after(1, ack(block));
    }
    int block = 60;
    for (long wait : new long[] {10, 20, 40, 80, 80}) {
      assertThat(after(wait - 1, TICK)).as("%s ms", wait).isEmpty();
      assertThat(after(1, TICK)).hasSize(1);
      after(5, ack(++block));
      assertThat(after(1, ack(block))).as("the answer to what was sent again").isEmpty();
      assertThat(after(1, ack(++block))).as("a clean exchange").hasSize(1);
    }
  }

  @Test
  void a_gap_near_the_head_of_a_new_window_is_repaired_though_its_report_comes_early() {
    start(plan(100, 8, List.of()));
    after(10, ack(8)); // a round trip of a whole window: 10 ms
    assertThat(after(1, ack(9))).isEqualTo(blocks(10, 17, 7));
    assertThat(after(1, ack(10))).as("it answers what went before").isEqualTo(blocks(18, 18, 0));
  }

  @ParameterizedTest
  @EnumSource(RollOver.class)
  void after_block_65535_the_number_goes_on_as_agreed(RollOver rollOver) {
    long count = 200_001;
    TransferPlan plan =
        new TransferPlan((count - 1) * 512, 512, 4, rollOver, Optional.empty(), List.of());
    start(plan);
    for (long acked = 4; acked < count; acked += 4) {
      long last = Math.min(acked + 4, count);
      assertThat(after(1, ack(rollOver.onWire(acked)))).isEqualTo(blocks(acked + 1, last, 0));
    }
    after(1, ack(rollOver.onWire(count)));
    assertDone(Outcome.SENT);
  }

  @Test
  void with_a_roll_over_to_one_there_is_no_block_zero() {
    assertThat(RollOver.TO_ONE.onWire(65_535)).isEqualTo(65_535);
    assertThat(RollOver.TO_ONE.onWire(65_536)).isEqualTo(1);
    assertThat(RollOver.TO_ZERO.onWire(65_536)).isZero();
    assertThat(RollOver.TO_ONE.ahead(0, 0)).isZero();
    assertThat(RollOver.TO_ONE.ahead(65_534, 1)).isEqualTo(2);
    assertThat(RollOver.TO_ONE.ahead(2, 1)).isEqualTo(65_534);
  }

  @Test
  void a_timeout_that_was_agreed_on_is_kept() {
    TransferPlan plan =
        new TransferPlan(
            5000,
            512,
            1,
            RollOver.TO_ZERO,
            Optional.of(Duration.ofSeconds(3)),
            List.of(new Option("timeout", "3")));
    start(plan);
    after(1, ack(0));
    for (int i = 0; i < 5; i++) {
      assertThat(after(2999, TICK)).isEmpty();
      assertThat(after(1, TICK)).isEqualTo(blocks(1, 1, 1));
    }
  }

  @Test
  void a_client_that_falls_silent_is_given_up_after_thirty_seconds() {
    start(plan(100, 4, List.of()));
    after(1, ack(4));
    Instant lastSign = now;
    int resends = 0;
    while (!(state instanceof ReadTransfer.Done)) {
      resends += after(10, TICK).size();
    }
    assertDone(Outcome.GIVEN_UP);
    assertThat(Duration.between(lastSign, now)).isEqualTo(ReadTransfer.SILENCE);
    assertThat(resends).isBetween(8, 20);
  }

  @Test
  void an_error_of_the_client_ends_it_in_every_state() {
    start(plan(3, 1, SOME));
    assertThat(after(1, ERROR)).isEmpty();
    assertDone(Outcome.STOPPED_BY_CLIENT);
    start(plan(3, 1, List.of()));
    assertThat(after(1, ERROR)).isEmpty();
    assertDone(Outcome.STOPPED_BY_CLIENT);
    assertThat(after(1, ack(1))).isEmpty();
    assertThat(after(60_000, TICK)).isEmpty();
  }

  @Test
  void block_numbers_roll_over_to_0_and_go_on() {
    start(plan(200_000, 1, List.of()));
    List<Long> sent = new ArrayList<>();
    for (long block = 1; block < 200_000; block++) {
      for (Effect effect : after(1, ack((int) (block & 0xffff)))) {
        sent.add(((SendBlocks) effect).first());
      }
    }
    assertThat(sent).hasSize(199_999).endsWith(200_000L);
    after(1, ack(200_000 & 0xffff));
    assertDone(Outcome.SENT);
  }

  @Test
  void a_slow_disk_is_not_taken_for_a_slow_client() {
    start(plan(10, 1, List.of()));
    for (int block = 1; block <= 5; block++) {
      after(2, ack(block));
    }
    after(3000, new Input.SentLate());
    assertThat(after(9, TICK)).isEmpty();
    assertThat(after(1, TICK)).isEqualTo(blocks(6, 6, 1));
  }
}
