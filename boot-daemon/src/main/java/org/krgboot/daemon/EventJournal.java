package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.krgboot.model.BootEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every event: one line in the log, one step of the node's progress, one row in the journal.
 * The servers' threads never wait for the disk; a thread of its own writes.
 */
final class EventJournal implements BootEvent.Sink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("krgboot");
  private static final int QUEUE = 10_000;
  private static final int BATCH = 500;

  private final Cluster cluster;
  private final EventStore store;
  private final EventHistory history;
  private final BootEvent.Sink listener;
  private final BlockingQueue<EventStore.Entry> queue = new ArrayBlockingQueue<>(QUEUE);
  private final LongAdder accepted = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final Thread writer;
  private volatile boolean closing;
  private boolean failing;

  private EventJournal(
      Cluster cluster, EventStore store, EventHistory history, BootEvent.Sink listener) {
    this.listener = listener;
    this.cluster = cluster;
    this.store = store;
    this.history = history;
    this.writer = Thread.ofPlatform().name("event-journal").daemon().unstarted(this::write);
  }

  /** Opens the journal and folds what is in it into {@code cluster}. */
  static EventJournal open(Path database, Cluster cluster) throws IOException {
    return open(database, cluster, _ -> {});
  }

  /**
   * The same for somebody else who wants to hear of each event.
   *
   * @param listener called on the servers' threads
   */
  static EventJournal open(Path database, Cluster cluster, BootEvent.Sink listener)
      throws IOException {
    EventStore store = EventStore.open(database);
    try {
      store.readAll(cluster::accept);
      EventJournal journal =
          new EventJournal(cluster, store, EventHistory.open(database), listener);
      journal.writer.start();
      return journal;
    } catch (SQLException e) {
      store.close();
      throw new IOException(database + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void accept(BootEvent event) {
    accepted.increment();
    cluster.accept(event);
    log.info("{} {}", cluster.label(event), EventText.of(event));
    if (!queue.offer(new EventStore.Entry(cluster.macOf(event), event))) {
      lost.increment();
    }
    listener.accept(event);
  }

  /** What has been written, to be read by any thread. */
  EventHistory history() {
    return history;
  }

  long accepted() {
    return accepted.sum();
  }

  /** Events that are in the log but not in the journal, because the disk was too slow or full. */
  long lost() {
    return lost.sum();
  }

  private void write() {
    List<EventStore.Entry> batch = new ArrayList<>();
    while (!closing || !queue.isEmpty()) {
      try {
        EventStore.Entry first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
          store.append(batch);
          failing = false;
        }
      } catch (SQLException e) {
        lost.add(batch.size());
        if (!failing) {
          log.error(
              "the event journal cannot be written, boots go on without it: {}", e.getMessage());
        }
        failing = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      batch.clear();
    }
  }

  @Override
  public void close() {
    closing = true;
    try {
      writer.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    history.close();
    store.close();
  }
}
