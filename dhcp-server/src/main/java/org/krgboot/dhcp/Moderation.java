package org.krgboot.dhcp;

import java.util.concurrent.TimeUnit;

/**
 * When many nodes ask at once, a pause lets some requests come together, which are then read,
 * answered and sent by one system call each; network cards moderate their interrupts for the same
 * reason. Knows no clock; its times are nanoseconds of one.
 */
final class Moderation {
  /** Less than a thousand exchanges a second are answered one by one. */
  private static final int BUSY = 40;

  private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(20);

  /** As many as one system call reads need not be waited for. */
  private static final int ENOUGH = 16;

  /** Nobody notices it who waits for a disk; and the receive buffer takes in far more. */
  private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(500);

  private long periodStart;
  private int inPeriod;
  private boolean busy;

  /**
   * How long to wait before more is read, in nanoseconds; mostly 0.
   *
   * @param packets as many as were just read
   */
  long pauseAfter(int packets, long now) {
    inPeriod += packets;
    if (now - periodStart >= PERIOD) {
      busy = inPeriod >= BUSY && now - periodStart < 2 * PERIOD;
      periodStart = now;
      inPeriod = 0;
    }
    return busy && packets < ENOUGH ? PAUSE : 0;
  }
}
