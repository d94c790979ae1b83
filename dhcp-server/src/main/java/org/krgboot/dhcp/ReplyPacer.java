package org.krgboot.dhcp;

import io.netty.channel.EventLoopGroup;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go what follows a commit in portions: one sync of a slow disk can be what hundreds of nodes
 * wait for, and their ACKs at once would overflow the socket of a relay. In order; on the loop.
 */
final class ReplyPacer {
  /** Some ten times what a boot storm asks for; a socket's usual 208 KiB hold about 200. */
  private static final int AT_ONCE = 32;

  private static final long PAUSE_MS = 1;

  private static final Logger LOG = LoggerFactory.getLogger(ReplyPacer.class);

  private final EventLoopGroup loop;
  private final Runnable afterPortion;
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  /** The next portion has its time already. */
  private boolean scheduled;

  /**
   * @param afterPortion runs after each portion
   */
  ReplyPacer(EventLoopGroup loop, Runnable afterPortion) {
    this.loop = loop;
    this.afterPortion = afterPortion;
  }

  /** Runs it as soon as it may, after all that came before. */
  void add(Runnable reply) {
    waiting.add(reply);
  }

  /** Begins with what was added, unless a portion is on its way. */
  void start() {
    if (!scheduled) {
      portion();
    }
  }

  /** Lets go all that waits, at once. */
  void finish() {
    while (!waiting.isEmpty()) {
      next();
    }
    afterPortion.run();
  }

  /** A defect costs the one reply, not those that wait behind it. */
  private void next() {
    try {
      waiting.remove().run();
    } catch (RuntimeException e) {
      LOG.error("a defect while answering a DHCP request; the request is dropped", e);
    }
  }

  private void portion() {
    scheduled = false;
    for (int i = 0; i < AT_ONCE && !waiting.isEmpty(); i++) {
      next();
    }
    afterPortion.run();
    if (!waiting.isEmpty()) {
      scheduled = true;
      var _ = loop.schedule(this::portion, PAUSE_MS, TimeUnit.MILLISECONDS);
    }
  }
}
