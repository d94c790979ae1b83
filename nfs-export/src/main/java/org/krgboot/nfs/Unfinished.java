package org.krgboot.nfs;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/**
 * Calls that the last process had begun and not answered when it died. Empty but for the first
 * minutes after such an end.
 */
final class Unfinished {
  private final Map<ReplyCache.Key, Evidence> calls = new HashMap<>();
  private volatile boolean empty = true;

  synchronized void add(ReplyCache.Key key, Evidence evidence) {
    calls.put(key, evidence);
    empty = false;
  }

  /** What was found before this call was begun, if it was; asked once. */
  @Nullable Evidence take(ReplyCache.Key key) {
    return empty ? null : remove(key);
  }

  private synchronized @Nullable Evidence remove(ReplyCache.Key key) {
    Evidence evidence = calls.remove(key);
    empty = calls.isEmpty();
    return evidence;
  }

  /**
   * Another call has made something here, of a name that was free: so no call before it had, and
   * what is there now is no evidence of one.
   */
  void made(long place) {
    if (!empty) {
      forget(place);
    }
  }

  private synchronized void forget(long place) {
    calls.values().removeIf(evidence -> evidence.equals(new Evidence.Creation(place)));
    empty = calls.isEmpty();
  }

  /** This client has started anew, and sends none of them again. */
  synchronized void forget(Ipv4 client) {
    calls.keySet().removeIf(key -> key.client().equals(client));
    empty = calls.isEmpty();
  }

  /** None of them is sent again any more. */
  synchronized void clear() {
    calls.clear();
    empty = true;
  }
}
