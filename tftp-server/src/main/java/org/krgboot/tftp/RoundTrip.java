package org.krgboot.tftp;

import java.time.Duration;

/**
 * How long to wait for an answer, learnt from the answers before, as TCP does it (RFC 6298). TFTP
 * has no selective repair: a lost packet costs one such wait, so whole seconds, as in other
 * servers, make a lossy network slow.
 *
 * @param smoothed mean round trip, zero before the first
 * @param variation mean deviation from it
 * @param backedOff waits without an answer since the last one
 */
record RoundTrip(Duration smoothed, Duration variation, int backedOff) {
  static final RoundTrip UNKNOWN = new RoundTrip(Duration.ZERO, Duration.ZERO, 0);

  /** Before anything is known. Boot ROMs answer in a few milliseconds, but some pause to print. */
  private static final Duration FIRST = Duration.ofMillis(500);

  /** Below this our own pauses (garbage collection, a busy machine) would look like losses. */
  private static final Duration SHORTEST = Duration.ofMillis(40);

  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** After a clean exchange (nothing of it was sent twice: Karn's rule). */
  RoundTrip measured(Duration sample) {
    if (smoothed.isZero()) {
      return new RoundTrip(atLeastOneNano(sample), sample.dividedBy(2), 0);
    }
    Duration off = smoothed.minus(sample).abs();
    return new RoundTrip(
        atLeastOneNano(smoothed.multipliedBy(7).plus(sample).dividedBy(8)),
        variation.multipliedBy(3).plus(off).dividedBy(4),
        0);
  }

  private static Duration atLeastOneNano(Duration value) {
    return value.isZero() ? Duration.ofNanos(1) : value;
  }

  /** After an exchange of which something was sent twice: says nothing about the time. */
  RoundTrip answered() {
    return new RoundTrip(smoothed, variation, 0);
  }

  /** After a wait without an answer. */
  RoundTrip lost() {
    return new RoundTrip(smoothed, variation, Math.min(backedOff + 1, 16));
  }

  /** How long to wait now. */
  Duration timeout() {
    Duration base =
        smoothed.isZero() ? FIRST : max(SHORTEST, smoothed.plus(variation.multipliedBy(4)));
    Duration grown = base.multipliedBy(1L << backedOff);
    return grown.compareTo(LONGEST) < 0 ? grown : LONGEST;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
