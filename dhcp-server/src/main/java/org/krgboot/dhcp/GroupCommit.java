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

  /**
   * After a batch of several, more are on their way: so long they may gather, since a sync costs
   * the same for one lease and for many.
   */
  private static final long GATHER_MS = 3;

  private static final Duration LOG_PERIOD = Duration.ofMinutes(1);
  private static final Duration TIDY_AT_LEAST_EVERY = Duration.ofHours(1);
  private static final int POLL_MS = 100;

  /** A burst of boots has gaps; what is put off for it comes a second after its end. */
  private static final int IDLE_POLLS = 10;

  /** A disk that hangs must not keep the server from stopping; systemd would kill it after 90 s. */
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  private final LeaseStore store;
  private final EventLoopGroup loop;
  private final InstantSource clock;
  private final Counters counters = new Counters();
  private final BlockingQueue<Pending> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread =
      Thread.ofPlatform().name("dhcp-lease-commit").daemon().unstarted(this::run);
  private volatile boolean closed;
  private Consumer<List<Runnable>> follow = after -> after.forEach(Runnable::run);
  private Instant lastError = Instant.MIN;
  private Instant lastTidied = Instant.MIN;
  private boolean failing;

  private int idlePolls;

  /** The last batch was of several nodes. */
  private boolean areMany;

  /** Something was committed since it was tidied. */
  private boolean untidy = true;

  /** The last tidying did not come to its end. */
  private boolean tidying;

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

  /** Ends with {@link #close} only: without this thread no node would be answered again. */
  private void run() {
    while (!closed || !waiting.isEmpty()) {
      List<Pending> batch = new ArrayList<>();
      try {
        round(batch);
      } catch (InterruptedException e) {
        closed = true;
      } catch (RuntimeException | Error e) {
        survive(e, batch);
      }
    }
  }

  private void round(List<Pending> batch) throws InterruptedException {
    Pending first = waiting.poll(POLL_MS, TimeUnit.MILLISECONDS);
    idlePolls = first == null ? idlePolls + 1 : 0;
    if (first != null) {
      batch.add(first);
      if (areMany && !closed) {
        Thread.sleep(GATHER_MS);
      }
      waiting.drainTo(batch, MAX_BATCH - 1);
      areMany = batch.size() > 1;
      List<Runnable> next = isCommitted(batch) ? durable(batch) : failed(batch);
      batch.clear();
      loop.execute(() -> follow.accept(next));
    }
    if (tidying || isTimeToTidy(idlePolls >= IDLE_POLLS)) {
      tidy();
    }
  }

  /**
   * False if nothing is on disk. A fault of the driver, or a lack of memory, fails this batch like
   * a full disk does.
   */
  private boolean isCommitted(List<Pending> batch) {
    try {
      Instant start = clock.instant();
      store.commit(batch.stream().flatMap(pending -> pending.changes().stream()).toList(), start);
      counters.committed(batch.size(), Duration.between(start, clock.instant()));
      untidy = true;
      recovered();
      return true;
    } catch (IOException | RuntimeException | Error e) {
      logAtMostOnceAMinute(e);
      return false;
    }
  }

  private static List<Runnable> durable(List<Pending> batch) {
    return batch.stream().map(Pending::durable).toList();
  }

  private static List<Runnable> failed(List<Pending> batch) {
    return batch.stream().map(Pending::failed).toList();
  }

  /** A fault outside of the store, such as no memory for a list: what was taken out fails. */
  private void survive(Throwable fault, List<Pending> batch) {
    try {
      List<Runnable> next = failed(batch);
      loop.execute(() -> follow.accept(next));
      logAtMostOnceAMinute(fault);
    } catch (RuntimeException | Error again) {
      // No memory for this either, or the loop has ended: those nodes ask again.
      fault.addSuppressed(again);
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
    tidying = false;
    try {
      tidying =
          switch (store.tidy(lastTidied)) {
            case MORE_TO_DO -> true;
            case DONE -> false;
          };
    } catch (IOException | RuntimeException | Error e) {
      logAtMostOnceAMinute(e);
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.info("leases can be written again; nodes get new leases");
    }
  }

  private void logAtMostOnceAMinute(Throwable e) {
    failing = true;
    Instant now = clock.instant();
    if (lastError.equals(Instant.MIN)
        || Duration.between(lastError, now).abs().compareTo(LOG_PERIOD) >= 0) {
      lastError = now;
      LOG.error(
          "no node gets a new lease, and known ones get theirs until its recorded end only: {};"
              + " check that the disk is there and has room",
          e instanceof Error ? e.toString() : String.valueOf(e.getMessage()));
    }
  }

  /** Writes what waits, then ends the thread; what a disk does not take in time is given up. */
  @Override
  public void close() {
    close(CLOSE_WITHIN);
  }

  void close(Duration atMost) {
    closed = true;
    try {
      if (!thread.join(atMost)) {
        LOG.error(
            "the disk has not taken the last leases within {} s; their nodes were told nothing, and"
                + " ask again",
            atMost.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
