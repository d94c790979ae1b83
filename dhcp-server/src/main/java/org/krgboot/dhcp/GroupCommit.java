package org.krgboot.dhcp;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what waits to the store, many in one transaction, on a thread of its own: the loop goes on
 * reading while the disk is slow, and one sync of the disk serves many nodes.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /** At a slow disk's 20 batches a second, ten thousand nodes a second. */
  private static final int MAX_BATCH = 512;

  /** At a slow disk's 100 batches a second, what waits longer than a client does is of no use. */
  private static final int MAX_WAITING = 4096;

  private static final Duration LOG_PERIOD = Duration.ofMinutes(1);
  private static final Duration TIDY_AT_LEAST_EVERY = Duration.ofHours(1);
  private static final int POLL_MS = 100;

  /** A burst of boots has gaps; what is put off for it comes a second after its end. */
  private static final int IDLE_POLLS = 10;

  private final LeaseStore store;
  private final EventLoopGroup loop;
  private final InstantSource clock;
  private final Counters counters = new Counters();
  private final BlockingQueue<Pending> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread = new Thread(this::run, "dhcp-lease-commit");
  private volatile boolean closed;
  private Consumer<List<Runnable>> follow = after -> after.forEach(Runnable::run);
  private Instant lastError = Instant.MIN;
  private Instant lastTidied = Instant.MIN;
  private boolean failing;

  /** Something was committed since it was tidied. */
  private boolean untidy = true;

  /**
   * Changes with what follows them; both run on the loop.
   *
   * @param durable the changes are on disk
   * @param failed they are not, and will not be
   */
  record Pending(List<Change.Durable> changes, Runnable durable, Runnable failed) {}

  /**
   * @param loop runs what follows a commit
   */
  GroupCommit(LeaseStore store, EventLoopGroup loop, InstantSource clock) {
    this.store = store;
    this.loop = loop;
    this.clock = clock;
  }

  /**
   * Begins to write.
   *
   * @param follow runs, on the loop, what follows the changes of a batch; in order
   */
  void start(Consumer<List<Runnable>> follow) {
    this.follow = follow;
    thread.start();
  }

  /** What is counted of the commits, and of all else that the server does. */
  Counters counters() {
    return counters;
  }

  EventLoopGroup loop() {
    return loop;
  }

  /** Never waits; false if too much waits already. */
  boolean offer(Pending pending) {
    return !closed && waiting.offer(pending);
  }

  private void run() {
    List<Pending> batch = new ArrayList<>(MAX_BATCH);
    int idlePolls = 0;
    while (!closed || !waiting.isEmpty()) {
      try {
        Pending first = waiting.poll(POLL_MS, TimeUnit.MILLISECONDS);
        idlePolls = first == null ? idlePolls + 1 : 0;
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, MAX_BATCH - 1);
          Runnable next = commit(List.copyOf(batch));
          batch.clear();
          loop.execute(next);
        }
        if (isTimeToTidy(idlePolls >= IDLE_POLLS)) {
          tidy();
        }
      } catch (InterruptedException e) {
        closed = true;
      }
    }
  }

  private Runnable commit(List<Pending> batch) {
    try {
      Instant start = clock.instant();
      store.commit(batch.stream().flatMap(pending -> pending.changes().stream()).toList(), start);
      counters.committed(batch.size(), Duration.between(start, clock.instant()));
      untidy = true;
      recovered();
      return () -> follow.accept(batch.stream().map(Pending::durable).toList());
    } catch (IOException | RuntimeException e) {
      // A fault of the driver fails this batch like a full disk does. If it ended this thread, no
      // node would be answered again until somebody noticed.
      logAtMostOnceAMinute(e);
      return () -> follow.accept(batch.stream().map(Pending::failed).toList());
    }
  }

  private boolean isTimeToTidy(boolean idle) {
    return untidy
        && (idle
            || lastTidied.equals(Instant.MIN)
            || Duration.between(lastTidied, clock.instant()).abs().compareTo(TIDY_AT_LEAST_EVERY)
                >= 0);
  }

  private void tidy() {
    lastTidied = clock.instant();
    untidy = false;
    try {
      store.tidy(lastTidied);
    } catch (IOException | RuntimeException e) {
      logAtMostOnceAMinute(e);
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.info("leases can be written again; nodes get new leases");
    }
  }

  private void logAtMostOnceAMinute(Exception e) {
    failing = true;
    Instant now = clock.instant();
    if (lastError.equals(Instant.MIN)
        || Duration.between(lastError, now).abs().compareTo(LOG_PERIOD) >= 0) {
      lastError = now;
      LOG.error(
          "no node gets a new lease, and known ones get theirs until its recorded end only: {};"
              + " check that the disk is there and has room",
          String.valueOf(e.getMessage()));
    }
  }

  /** Writes what waits, then ends the thread. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
