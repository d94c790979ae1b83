package org.krgboot.tftp;

import java.util.Optional;

/** What comes after block 65535 on the wire; no RFC says it. Blocks are counted from 1. */
enum RollOver {
  /** What nearly everybody does, and expects unless it was agreed on. */
  TO_ZERO(65_536),
  /** By tftp-hpa's option {@code rollover} with the value 1. */
  TO_ONE(65_535);

  private final int cycle;

  RollOver(int cycle) {
    this.cycle = cycle;
  }

  /** By the option's value. */
  static Optional<RollOver> of(long value) {
    return value == 0 ? Optional.of(TO_ZERO) : value == 1 ? Optional.of(TO_ONE) : Optional.empty();
  }

  /** The number of a block as it is on the wire. */
  int onWire(long block) {
    return switch (this) {
      case TO_ZERO -> (int) (block & 0xffff);
      case TO_ONE -> block == 0 ? 0 : (int) ((block - 1) % cycle) + 1;
    };
  }

  /**
   * How far a number from the wire lies ahead of {@code block}, in one round: what lies behind
   * looks far ahead.
   */
  long ahead(long block, int wire) {
    return Math.floorMod(wire - onWire(block), cycle);
  }
}
