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

  private final int limit;
  private final CallJournal journal;
  private final Unfinished unfinished = new Unfinished();
  private final long recoveredUntil = System.nanoTime() + KEPT_OVER_RESTART;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  /** Goes on with what the journal has. */
  ReplyCache(int limit, CallJournal journal) {
    this.limit = limit;
    this.journal = journal;
    List<JournalSlot> known = journal.recover(System.nanoTime());
    for (JournalSlot call : known) {
      byte[] reply = call.reply();
      if (reply == null) {
        unfinished.add(call.key(), call.evidence());
      } else {
        entries.put(
            call.key(), new Entry(recoveredUntil, CompletableFuture.completedFuture(reply)));
      }
    }
  }

  /**
   * Writes the answer of this call: does the work if it is new, else repeats what was answered.
   *
   * @throws UnansweredException if the same call is still being worked on and does not end; to ask
   *     for another attempt (JUKEBOX) would be to ask for another call, which does it twice
   */
  void answer(Key key, XdrWriter out, Work work) {
    long now = System.nanoTime();
    Entry fresh = new Entry(now + KEPT, new CompletableFuture<>());
    Entry old = enter(key, fresh, now);
    if (old != null) {
      repeat(old, out);
      return;
    }
    Attempt attempt = new Attempt(journal, unfinished, key);
    int start = out.position();
    var _ = out.room(JournalSlot.LONGEST_REPLY); // a call that is done must not lack room to say so
    boolean kept = false;
    try {
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
        forget(key, fresh);
        fresh.reply().cancel(false);
      }
    }
  }

  private synchronized @Nullable Entry enter(Key key, Entry fresh, long now) {
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

  private synchronized void forget(Key key, Entry entry) {
    entries.remove(key, entry);
  }

  private static void repeat(Entry entry, XdrWriter out) {
    try {
      out.fixed(entry.reply().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnansweredException();
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      throw new UnansweredException();
    }
  }

  /** Forgets the answers of a client that has started anew: it may number its calls as before. */
  synchronized void forget(Ipv4 client) {
    entries
        .entrySet()
        .removeIf(
            entry -> entry.getKey().client().equals(client) && entry.getValue().reply().isDone());
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
