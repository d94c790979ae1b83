package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.krgboot.tftp.ReadTransfer.Effect;
import org.krgboot.tftp.ReadTransfer.Input;
import org.krgboot.tftp.ReadTransfer.Outcome;

/**
 * The state machine against a client of RFC 7440 in simulated time, over a network that loses,
 * doubles and reorders by a seed.
 */
class LossyNetworkTest {
  private static final Duration TRIP = Duration.ofNanos(100_000);
  private static final Duration CLIENT_TIMER = Duration.ofSeconds(1);

  /** RFC 7440 acknowledges at a gap; some clients do so at any block that they have already. */
  private enum Strictness {
    STRICT,
    SLOPPY
  }

  private record Arrival(Instant at, long serial, Runnable effect) {}

  private final PriorityQueue<Arrival> network =
      new PriorityQueue<>(Comparator.comparing(Arrival::at).thenComparingLong(Arrival::serial));
  private Random random = new Random();
  private Instant now = Instant.EPOCH;
  private long serial;
  private double loss;
  private double doubling;
  private Strictness strict = Strictness.SLOPPY;
  private double reordering;
  private ReadTransfer state = new ReadTransfer.Done(Outcome.GIVEN_UP);
  private long blocksSent;

  private TransferPlan plan =
      new TransferPlan(0, 512, 1, RollOver.TO_ZERO, Optional.empty(), List.of());
  private long received;
  private long sinceAck;
  private boolean gapTold;
  private Instant clientDeadline = Instant.EPOCH.plus(CLIENT_TIMER);

  @ParameterizedTest
  @CsvSource({
    "1, 1429, 0, 0, 1",
    "1, 1429, 0.01, 0, 2",
    "1, 1429, 0.05, 0.05, 3",
    "4, 3000, 0.02, 0.02, 4",
    "16, 70000, 0.005, 0.01, 5",
    "64, 140000, 0.002, 0.01, 6",
    "64, 3000, 0.2, 0.2, 7",
    "1, 66000, 0, 0.3, 8"
  })
  void every_block_arrives_in_order(
      int window, long blocks, double loss, double trouble, long seed) {
    reordering = trouble;
    run(window, blocks, loss, trouble, seed);
    assertThat(received).as("seed %s", seed).isEqualTo(blocks);
    assertThat(state).isEqualTo(new ReadTransfer.Done(Outcome.SENT));
  }

  @ParameterizedTest
  @CsvSource({
    "STRICT, 1", "STRICT, 4", "STRICT, 16", "STRICT, 64",
    "SLOPPY, 1", "SLOPPY, 4", "SLOPPY, 16", "SLOPPY, 64"
  })
  void doubled_packets_alone_never_breed(Strictness strict, int window) {
    this.strict = strict;
    run(window, 20_000, 0, 0.3, 11);
    assertThat(received).isEqualTo(20_000);
    boolean asked = window > 1 && strict == Strictness.SLOPPY; // told of gaps that are none
    assertThat(blocksSent).isLessThan(asked ? 40_001 : 20_001);
  }

  @ParameterizedTest
  @CsvSource({"1, 900", "16, 200"})
  void two_mebibytes_at_one_percent_loss_each_way_take_less_than_a_second(int window, long millis) {
    run(window, 1429, 0.01, 0, 42);
    assertThat(received).isEqualTo(1429);
    assertThat(Duration.between(Instant.EPOCH, now)).isLessThan(Duration.ofMillis(millis));
  }

  private void run(int window, long blocks, double loss, double doubling, long seed) {
    this.random = new Random(seed);
    this.loss = loss;
    this.doubling = doubling;
    this.plan =
        new TransferPlan(
            (blocks - 1) * 512 + 7, 512, window, RollOver.TO_ZERO, Optional.empty(), List.of());
    perform(ReadTransfer.start(plan, now));
    while (!(state instanceof ReadTransfer.Done)) {
      Instant wake = earlier(serverDeadline(), clientDeadline);
      Arrival next = network.peek();
      if (next != null && !next.at().isAfter(wake)) {
        now = network.remove().at();
        next.effect().run();
      } else {
        now = wake;
        timers();
      }
    }
  }

  private void timers() {
    if (!now.isBefore(serverDeadline())) {
      perform(ReadTransfer.step(state, new Input.TimePassed(), now));
    }
    if (!now.isBefore(clientDeadline)) {
      acknowledge();
    }
  }

  private Instant serverDeadline() {
    return state instanceof ReadTransfer.AwaitingAck waiting
        ? waiting.pace().deadline()
        : Instant.MAX;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private void perform(ReadTransfer.Step step) {
    state = step.next();
    for (Effect effect : step.effects()) {
      Effect.SendBlocks blocks = (Effect.SendBlocks) effect;
      for (long block = blocks.first(); block <= blocks.last(); block++) {
        int number = (int) (block & 0xffff);
        blocksSent++;
        send(() -> clientGets(number));
      }
    }
  }

  private void send(Runnable effect) {
    int copies = random.nextDouble() < loss ? 0 : random.nextDouble() < doubling ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      long jitter = random.nextDouble() < reordering ? random.nextInt(200_000) : 0;
      network.add(new Arrival(now.plus(TRIP).plusNanos(jitter), serial++, effect));
    }
  }

  private void clientGets(int number) {
    if (number == ((received + 1) & 0xffff) && received < plan.blocks()) {
      received++;
      sinceAck++;
      gapTold = false;
      if (sinceAck == plan.window() || received == plan.blocks()) {
        acknowledge();
      }
    } else if (!gapTold && (strict == Strictness.SLOPPY || isAhead(number))) {
      gapTold = true;
      acknowledge();
    }
  }

  private boolean isAhead(int number) {
    long distance = (number - received) & 0xffff;
    return distance > 0 && distance <= plan.window();
  }

  private void acknowledge() {
    sinceAck = 0;
    clientDeadline = now.plus(CLIENT_TIMER);
    Input ack = new Input.Acked((int) (received & 0xffff));
    send(() -> perform(ReadTransfer.step(state, ack, now)));
  }
}
