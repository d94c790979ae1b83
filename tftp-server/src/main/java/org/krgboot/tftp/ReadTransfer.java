package org.krgboot.tftp;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One transfer, as pure steps: no clock, no I/O. Blocks are counted from 1 without end; only the
 * wire folds them into 16 bits.
 *
 * <pre>
 *   start ──options granted──► AwaitingOptionAck ──ACK 0──► AwaitingAck ──ACK of the last──► Done
 *     └───────no options────────────────────────────────────────▲
 *   every state ──client's ERROR, or silence for SILENCE──► Done
 * </pre>
 */
sealed interface ReadTransfer {
  /** A client that says nothing for so long is gone. */
  Duration SILENCE = Duration.ofSeconds(30);

  /** The OACK is out. */
  record AwaitingOptionAck(TransferPlan plan, Pace pace) implements ReadTransfer {}

  /**
   * Blocks {@code acked + 1 .. acked + window} are out.
   *
   * @param acked the client has all blocks up to this one
   * @param furthest the last block that was ever sent
   * @param repair what may still be done about a gap that the client reports
   */
  record AwaitingAck(TransferPlan plan, long acked, long furthest, Repair repair, Pace pace)
      implements ReadTransfer {}

  record Done(Outcome how) implements ReadTransfer {}

  /** How it ended. */
  enum Outcome {
    SENT,
    STOPPED_BY_CLIENT,
    GIVEN_UP
  }

  /**
   * A repeated ACK says that the first block of the window was lost, or that the network doubled
   * the ACK before. It is answered once for each place in the file, so that no doubling can feed
   * itself (the sorcerer's apprentice, RFC 1123 section 4.2.3.1).
   */
  enum Repair {
    OPEN,
    USED
  }

  /**
   * The clock side of a state.
   *
   * @param sentAt when the packets that are to be answered left
   * @param deadline when to send them again
   * @param givenUpAt when to stop trying, unless the client shows progress
   * @param clean whether none of them had been sent before
   */
  record Pace(
      RoundTrip trip, Instant sentAt, Instant deadline, Instant givenUpAt, Freshness clean) {}

  /** Whether an answer tells the round trip (Karn's rule). */
  enum Freshness {
    FIRST_SENDING,
    SENT_BEFORE
  }

  /** What happened. */
  sealed interface Input {
    /**
     * An ACK came.
     *
     * @param block as on the wire
     */
    record Acked(int block) implements Input {}

    record ClientError() implements Input {}

    record TimePassed() implements Input {}

    /** The blocks asked for left only now: the disk had to be waited for. */
    record SentLate() implements Input {}
  }

  /** What is to be done. */
  sealed interface Effect {
    record SendOptionAck() implements Effect {}

    /**
     * Send these blocks, both ends included.
     *
     * @param again how many of them have been sent before
     */
    record SendBlocks(long first, long last, long again) implements Effect {}
  }

  /** A step's result. */
  record Step(ReadTransfer next, List<Effect> effects) {}

  /** The first answer to a request. */
  static Step start(TransferPlan plan, Instant now) {
    if (plan.granted().isEmpty()) {
      return sendWindow(plan, 0, 0, Repair.OPEN, pace(plan, RoundTrip.UNKNOWN, now));
    }
    Pace pace = pace(plan, RoundTrip.UNKNOWN, now);
    return new Step(new AwaitingOptionAck(plan, pace), List.of(new Effect.SendOptionAck()));
  }

  /** Decides, never acts. */
  static Step step(ReadTransfer state, Input input, Instant now) {
    return switch (state) {
      case AwaitingOptionAck waiting -> onOptionAck(waiting, input, now);
      case AwaitingAck waiting -> onAck(waiting, input, now);
      case Done done -> new Step(done, List.of());
    };
  }

  private static Step onOptionAck(AwaitingOptionAck state, Input input, Instant now) {
    return switch (input) {
      case Input.Acked(int block) when block == 0 -> {
        RoundTrip trip = learnt(state.pace(), now);
        Pace pace = pace(state.plan(), trip, now);
        yield sendWindow(state.plan(), 0, 0, Repair.OPEN, pace);
      }
      case Input.Acked _, Input.SentLate _ -> new Step(state, List.of());
      case Input.ClientError() -> done(Outcome.STOPPED_BY_CLIENT);
      case Input.TimePassed() when now.isBefore(state.pace().deadline()) ->
          new Step(state, List.of());
      case Input.TimePassed() when !now.isBefore(state.pace().givenUpAt()) ->
          done(Outcome.GIVEN_UP);
      case Input.TimePassed() ->
          new Step(
              new AwaitingOptionAck(state.plan(), again(state.plan(), state.pace(), now)),
              List.of(new Effect.SendOptionAck()));
    };
  }

  private static Step onAck(AwaitingAck state, Input input, Instant now) {
    return switch (input) {
      case Input.Acked(int block) -> onBlockAck(state, block, now);
      case Input.SentLate() -> sentLate(state, now);
      case Input.ClientError() -> done(Outcome.STOPPED_BY_CLIENT);
      case Input.TimePassed() when now.isBefore(state.pace().deadline()) ->
          new Step(state, List.of());
      case Input.TimePassed() when !now.isBefore(state.pace().givenUpAt()) ->
          done(Outcome.GIVEN_UP);
      case Input.TimePassed() ->
          sendWindow(
              state.plan(),
              state.acked(),
              state.furthest(),
              Repair.OPEN,
              again(state.plan(), state.pace(), now));
    };
  }

  private static Step onBlockAck(AwaitingAck state, int block, Instant now) {
    long ahead = state.plan().rollOver().ahead(state.acked(), block);
    if (ahead == 0) {
      return onRepeatedAck(state, now);
    }
    long acked = state.acked() + ahead;
    if (acked > state.furthest()) {
      return new Step(state, List.of()); // older than the last one, or of another world
    }
    if (acked == state.plan().blocks()) {
      return done(Outcome.SENT);
    }
    boolean partly = acked < state.furthest();
    if (partly && state.pace().clean() == Freshness.SENT_BEFORE && tooSoon(state.pace(), now)) {
      return slide(state, acked, now);
    }
    // An ACK inside the window reports a gap (RFC 7440 section 4): go on right behind it.
    Pace pace = pace(state.plan(), learnt(state.pace(), now), now);
    return sendWindow(state.plan(), acked, state.furthest(), Repair.OPEN, pace);
  }

  /**
   * Whether an ACK came too early to answer what was sent last. If that had been sent before, what
   * the ACK reports missing is on its way already, and sending it again would let doubled packets
   * breed: a window for each. A window of new blocks cannot be on its way twice: there a gap near
   * its head is reported within less than the usual round trip, which is that of a whole window.
   */
  private static boolean tooSoon(Pace pace, Instant now) {
    return now.isBefore(pace.sentAt().plusNanos(pace.trip().smoothed() / 2));
  }

  /** Sends only what has never been sent and fits into the window now. */
  private static Step slide(AwaitingAck state, long acked, Instant now) {
    TransferPlan plan = state.plan();
    Pace old = state.pace();
    Pace fresh = pace(plan, old.trip(), now);
    Pace pace =
        new Pace(
            fresh.trip(), old.sentAt(), fresh.deadline(), fresh.givenUpAt(), Freshness.SENT_BEFORE);
    long first = state.furthest() + 1;
    long last = Math.min(acked + plan.window(), plan.blocks());
    List<Effect> effects =
        first <= last ? List.of(new Effect.SendBlocks(first, last, 0)) : List.of();
    long furthest = Math.max(state.furthest(), last);
    return new Step(new AwaitingAck(plan, acked, furthest, Repair.OPEN, pace), effects);
  }

  /**
   * Lock-step: silence, for the timer repairs it. With a window: the client reports that its first
   * block is missing, unless the ACK came sooner than any answer can.
   */
  private static Step onRepeatedAck(AwaitingAck state, Instant now) {
    Pace old = state.pace();
    RoundTrip trip = old.trip().hasty();
    if (state.plan().window() == 1
        || state.repair() == Repair.USED
        || trip.smoothed() == 0
        || tooSoon(old, now)) {
      Instant patient = old.sentAt().plusNanos(pause(state.plan(), trip));
      Instant deadline = patient.isAfter(old.deadline()) ? patient : old.deadline();
      Pace same = new Pace(trip, old.sentAt(), deadline, old.givenUpAt(), old.clean());
      return new Step(
          new AwaitingAck(state.plan(), state.acked(), state.furthest(), state.repair(), same),
          List.of());
    }
    Instant next = now.plusNanos(pause(state.plan(), trip));
    Pace pace = new Pace(trip, now, next, old.givenUpAt(), Freshness.SENT_BEFORE);
    return sendWindow(state.plan(), state.acked(), state.furthest(), Repair.USED, pace);
  }

  private static Step sentLate(AwaitingAck state, Instant now) {
    Pace old = state.pace();
    Pace pace = pace(state.plan(), old.trip(), now);
    Pace marked = new Pace(old.trip(), now, pace.deadline(), pace.givenUpAt(), old.clean());
    return new Step(
        new AwaitingAck(state.plan(), state.acked(), state.furthest(), state.repair(), marked),
        List.of());
  }

  private static Step sendWindow(
      TransferPlan plan, long acked, long furthest, Repair repair, Pace pace) {
    long last = Math.min(acked + plan.window(), plan.blocks());
    long again = Math.max(0, Math.min(furthest, last) - acked);
    Freshness clean = again == 0 ? pace.clean() : Freshness.SENT_BEFORE;
    Pace marked = new Pace(pace.trip(), pace.sentAt(), pace.deadline(), pace.givenUpAt(), clean);
    return new Step(
        new AwaitingAck(plan, acked, Math.max(furthest, last), repair, marked),
        List.of(new Effect.SendBlocks(acked + 1, last, again)));
  }

  private static Step done(Outcome how) {
    return new Step(new Done(how), List.of());
  }

  private static RoundTrip learnt(Pace pace, Instant now) {
    return switch (pace.clean()) {
      case FIRST_SENDING -> pace.trip().measured(pace.sentAt().until(now, ChronoUnit.NANOS));
      case SENT_BEFORE -> pace.trip();
    };
  }

  /** Something new is sent: the client's patience begins anew. */
  private static Pace pace(TransferPlan plan, RoundTrip trip, Instant now) {
    long silence =
        Math.max(SILENCE.toNanos(), 3 * plan.timeout().map(Duration::toNanos).orElse(0L));
    return new Pace(
        trip,
        now,
        now.plusNanos(pause(plan, trip)),
        now.plusNanos(silence),
        Freshness.FIRST_SENDING);
  }

  /** The same is sent again: more time for the answer, none for the client. */
  private static Pace again(TransferPlan plan, Pace old, Instant now) {
    RoundTrip trip = old.trip().lost();
    Instant next = now.plusNanos(pause(plan, trip));
    Instant deadline = next.isBefore(old.givenUpAt()) ? next : old.givenUpAt();
    return new Pace(trip, now, deadline, old.givenUpAt(), Freshness.SENT_BEFORE);
  }

  /** RFC 2349 makes an agreed timeout the time between resends; else it is learnt. */
  private static long pause(TransferPlan plan, RoundTrip trip) {
    return plan.timeout().map(Duration::toNanos).orElseGet(trip::timeout);
  }
}
