package org.krgboot.tftp;

/**
 * How long to wait for an answer, learnt from the answers before, as TCP does it (RFC 6298). TFTP
 * has no selective repair: a lost packet costs one such wait, so whole seconds, as in other
 * servers, make a lossy network slow. All times are nanoseconds: this runs for every packet.
 *
 * @param smoothed mean round trip, zero before the first
 * @param variation mean deviation from it
 * @param backedOff waits without an answer since the last one
 * @param shortest no wait is shorter; grows for a client that answers late at times
 */
record RoundTrip(long smoothed, long variation, int backedOff, long shortest) {
  private static final long MILLISECOND = 1_000_000;

  /**
   * Far above the round trip of any boot network, so that only pauses look like losses: ours
   * (garbage collection, a busy machine), or those of a ROM that prints. See {@link #hasty}.
   */
  private static final long SHORTEST = 10 * MILLISECOND;

  private static final long MOST_PATIENT = 80 * MILLISECOND;

  /** Before anything is known. Boot ROMs answer in a few milliseconds, but some pause to print. */
  private static final long FIRST = 500 * MILLISECOND;

  private static final long LONGEST = 5000 * MILLISECOND;

  static final RoundTrip UNKNOWN = new RoundTrip(0, 0, 0, SHORTEST);

  /**
   * After a clean exchange. One of which something was sent twice tells nothing, and leaves the
   * wait as long as it has become (Karn's algorithm): else a server whose answers come later and
   * later, as in a storm, would send everything twice and never learn why.
   */
  RoundTrip measured(long sample) {
    if (smoothed == 0) {
      return new RoundTrip(Math.max(1, sample), sample / 2, 0, shortest);
    }
    long off = Math.abs(smoothed - sample);
    return new RoundTrip(
        Math.max(1, (7 * smoothed + sample) / 8), (3 * variation + off) / 4, 0, shortest);
  }

  /** After a wait without an answer. */
  RoundTrip lost() {
    return new RoundTrip(smoothed, variation, Math.min(backedOff + 1, 16), shortest);
  }

  /**
   * After an answer that came twice: what was taken for lost had only been late. TCP calls such a
   * resend spurious (RFC 3522); a slow client sees three of them at most.
   */
  RoundTrip hasty() {
    return new RoundTrip(smoothed, variation, backedOff, Math.min(2 * shortest, MOST_PATIENT));
  }

  /** How long to wait now. */
  long timeout() {
    long base = smoothed == 0 ? FIRST : Math.max(shortest, smoothed + 4 * variation);
    return Math.min(Math.min(base, LONGEST) << backedOff, LONGEST);
  }
}
