package org.krgboot.nfs;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/**
 * Answers of calls that must not be done twice. A client that lost the answer sends the call again,
 * perhaps on another connection, perhaps to a server that was started meanwhile, and gets the same
 * answer.
 *
 * <p>Two kinds, which do not drive each other out. What makes or takes away a name is known over a
 * restart too. A WRITE or a truncation could be done twice, but not after what the client did next:
 * a second sending that comes late, on UDP or from a connection that was given up, would undo it.
 * The end of the process is the end of such a sending, so that these are in memory only.
 */
final class ReplyCache {
  private static final long KEPT = TimeUnit.MINUTES.toNanos(2);

  /** A client may take minutes to come back to a server that was away: Linux waits up to five. */
  private static final long KEPT_OVER_RESTART = TimeUnit.MINUTES.toNanos(10);

  private static final long PATIENCE_SECONDS = 20;

  /** What makes a call the same call: xids alone repeat. */
  record Key(Ipv4 client, int xid, int procedure, long checksum) {}

  private record Entry(long until, CompletableFuture<byte[]> reply) {}

  /** Does a call and writes its answer. */
  interface Work {
    /** Gives whether the answer is worth keeping. */
    boolean run(Attempt attempt);
  }

  /** Answers of one kind of calls. */
  private static final class Shelf {
    private final int limit;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    Shelf(int limit) {
      this.limit = limit;
    }

    synchronized void put(Key key, Entry entry) {
      entries.put(key, entry);
    }

    /** What is known of this call; else it is that from now on, and the oldest may have to go. */
    synchronized @Nullable Entry enter(Key key, Entry fresh, long now) {
      Entry old = entries.get(key);
      if (old != null && (now - old.until() < 0 || !old.reply().isDone())) { // a disk may hang
        return old;
      }
      entries.remove(key);
      entries.put(key, fresh);
      Iterator<Key> oldest = entries.keySet().iterator();
      while (entries.size() > limit) {
        oldest.next();
        oldest.remove();
      }
      return null;
    }

    synchronized void forget(Key key, Entry entry) {
      entries.remove(key, entry);
    }

    synchronized void forget(Ipv4 client) {
      entries
          .entrySet()
          .removeIf(
              entry -> entry.getKey().client().equals(client) && entry.getValue().reply().isDone());
    }
  }

  private final CallJournal journal;
  private final Unfinished unfinished = new Unfinished();
  private final long recoveredUntil = System.nanoTime() + KEPT_OVER_RESTART;
  private final Shelf ofNames;
  private final Shelf ofData;

  /**
   * Goes on with what the journal has.
   *
   * @param limit how many answers of either kind are kept
   */
  ReplyCache(int limit, CallJournal journal) {
    this.ofNames = new Shelf(limit);
    this.ofData = new Shelf(limit);
    this.journal = journal;
    List<JournalSlot> known = journal.recover(System.nanoTime());
    for (JournalSlot call : known) {
      byte[] reply = call.reply();
      if (reply == null) {
        unfinished.add(call.key(), call.evidence());
      } else {
        ofNames.put(
            call.key(), new Entry(recoveredUntil, CompletableFuture.completedFuture(reply)));
      }
    }
  }

  /**
   * Writes the answer of this call: does the work if it is new, else repeats what was answered.
   *
   * @param by over UDP a call is sent again before long: then nobody waits for the first sending
   * @throws UnansweredException if the same call is still being worked on and does not end; to ask
   *     for another attempt (JUKEBOX) would be to ask for another call, which does it twice
   */
  void answer(Key key, Peer.Transport by, XdrWriter out, Work work) {
    answer(ofNames, new Attempt(journal, unfinished, key), key, by, out, work);
  }

  /** As {@link #answer}, of a call that changes data, and that a new process may do again. */
  void answerInTurn(Key key, Peer.Transport by, XdrWriter out, Work work) {
    answer(ofData, Attempt.UNRECORDED, key, by, out, work);
  }

  private void answer(
      Shelf shelf, Attempt attempt, Key key, Peer.Transport by, XdrWriter out, Work work) {
    long now = System.nanoTime();
    Entry fresh = new Entry(now + KEPT, new CompletableFuture<>());
    Entry old = shelf.enter(key, fresh, now);
    if (old != null) {
      repeat(old, patienceSeconds(by), out);
      return;
    }
    boolean kept = false;
    try {
      int start = out.position();
      var _ = out.room(JournalSlot.LONGEST_REPLY); // what is done must not lack room to say so
      if (work.run(attempt)) {
        byte[] reply = out.since(start);
        attempt.answered(reply);
        kept = fresh.reply().complete(reply);
      }
    } catch (InternalError e) {
      journal.fail(e);
      throw e;
    } finally {
      if (!kept) {
        shelf.forget(key, fresh);
        fresh.reply().cancel(false);
      }
    }
  }

  private static long patienceSeconds(Peer.Transport by) {
    return switch (by) {
      case TCP -> PATIENCE_SECONDS;
      case UDP -> 0;
    };
  }

  private static void repeat(Entry entry, long patience, XdrWriter out) {
    try {
      out.fixed(entry.reply().get(patience, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnansweredException();
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      throw new UnansweredException();
    }
  }

  /** Forgets the answers of a client that has started anew: it may number its calls as before. */
  void forget(Ipv4 client) {
    ofNames.forget(client);
    ofData.forget(client);
    unfinished.forget(client);
  }

  /** Lets the journal and what came from it grow old; called every few seconds. */
  void keepHouse() {
    long now = System.nanoTime();
    try {
      journal.live(now);
    } catch (InternalError e) {
      journal.fail(e);
    }
    if (now - recoveredUntil > 0) {
      unfinished.clear();
    }
  }
}
