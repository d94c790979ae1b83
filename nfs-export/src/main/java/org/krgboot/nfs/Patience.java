package org.krgboot.nfs;

/** How long a connection has been waiting for its client, and whether that is too long. */
final class Patience {
  /** What a connection waits for. */
  enum Wait {
    NEXT_CALL,
    REST_OF_CALL,
    CLIENT_TO_READ,
    OURSELVES
  }

  private final Limits limits;
  private long since = System.nanoTime();

  /** When the first bytes of an unfinished call came: drops that follow gain its sender no time. */
  private long callBegan = since;

  private boolean stuck;

  Patience(Limits limits) {
    this.limits = limits;
  }

  /** The first bytes of a call are here, or may be. */
  void callBegins() {
    callBegan = System.nanoTime();
  }

  /** All replies are sent. */
  void clientHasRead() {
    stuck = false;
  }

  /** A turn ends, and the connection waits for this from now on. */
  void waitFor(Wait what) {
    if (!stuck) { // a client that reads by drops gains no time
      since = System.nanoTime();
    }
    stuck = what == Wait.CLIENT_TO_READ;
  }

  boolean isOver(Wait what, long now) {
    return switch (what) {
      case NEXT_CALL -> now - since > limits.idle().toNanos();
      case REST_OF_CALL -> now - callBegan > limits.stall().toNanos();
      case CLIENT_TO_READ -> now - since > limits.stall().toNanos();
      case OURSELVES -> false;
    };
  }
}
