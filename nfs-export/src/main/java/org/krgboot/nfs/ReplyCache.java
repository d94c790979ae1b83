package org.krgboot.nfs;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/**
 * Answers of calls that must not be done twice. A client that lost the answer sends the call again,
 * perhaps on another connection, and gets the same answer.
 */
final class ReplyCache {
  private static final long KEPT = TimeUnit.MINUTES.toNanos(2);
  private static final long PATIENCE_SECONDS = 20;

  /** What makes a call the same call: xids alone repeat. */
  record Key(Ipv4 client, int xid, int procedure, long checksum) {}

  private record Entry(long since, CompletableFuture<byte[]> reply) {}

  private final int limit;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  ReplyCache(int limit) {
    this.limit = limit;
  }

  /**
   * Writes the answer of this call: does the work if it is new, else repeats what was answered.
   *
   * @param work says whether its answer is worth keeping
   * @return false if the same call is still being worked on and does not end
   */
  boolean answer(Key key, XdrWriter out, BooleanSupplier work) {
    Entry fresh = new Entry(System.nanoTime(), new CompletableFuture<>());
    Entry old = enter(key, fresh);
    if (old != null) {
      return repeat(old, out);
    }
    int start = out.position();
    boolean kept = false;
    try {
      kept = work.getAsBoolean() && fresh.reply().complete(out.since(start));
    } finally {
      if (!kept) {
        forget(key, fresh);
        fresh.reply().cancel(false);
      }
    }
    return true;
  }

  private synchronized @Nullable Entry enter(Key key, Entry fresh) {
    Entry old = entries.get(key);
    if (old != null && fresh.since() - old.since() < KEPT) {
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

  private static boolean repeat(Entry entry, XdrWriter out) {
    try {
      out.fixed(entry.reply().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      return false;
    }
  }
}
