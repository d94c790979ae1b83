package org.krgboot.daemon;

import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Threads for Jetty. */
final class WebThreads {
  private static final int IDLE_MILLISECONDS = 60_000;

  private WebThreads() {}

  /**
   * Daemon threads, one while nothing is asked. The queue is the JDK's: Jetty's own starts all of
   * the JVM's management (a tenth of a second) to learn how wide a cache line is.
   */
  static QueuedThreadPool pool(String name, int most) {
    QueuedThreadPool threads =
        new QueuedThreadPool(most, 1, IDLE_MILLISECONDS, new LinkedBlockingQueue<>());
    threads.setName(name);
    threads.setDaemon(true);
    return threads;
  }
}
