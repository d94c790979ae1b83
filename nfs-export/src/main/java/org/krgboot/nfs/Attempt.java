package org.krgboot.nfs;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/** One doing of a call that must not be done twice. */
final class Attempt {
  /** For calls that may be done again. */
  static final Attempt UNRECORDED =
      new Attempt(CallJournal.none(), new Unfinished(), new ReplyCache.Key(Ipv4.ANY, 0, 0, 0));

  private final CallJournal journal;
  private final Unfinished unfinished;
  private final ReplyCache.Key key;
  private CallJournal.@Nullable Entry entry;

  Attempt(CallJournal journal, Unfinished unfinished, ReplyCache.Key key) {
    this.journal = journal;
    this.unfinished = unfinished;
    this.key = key;
  }

  /**
   * What a process that has died found before it began this same call. It may have done it, and has
   * not answered it. Asked once, under the lock of what is changed: before that, another call may
   * still show that this one was not done ({@link #made}).
   */
  <E extends Evidence> Optional<E> earlier(Class<E> kind) {
    Evidence evidence = unfinished.take(key);
    return kind.isInstance(evidence) ? Optional.of(kind.cast(evidence)) : Optional.empty();
  }

  /** Notes what is found, right before the deed: from then on this process may die. */
  void begin(Evidence evidence) {
    entry = journal.begin(key, evidence, System.nanoTime());
  }

  /** Something new has got this name in that directory. */
  void made(WireHandle directory, byte[] name) {
    unfinished.made(directory.place(name));
  }

  /** Keeps the answer of a call that was begun. */
  void answered(byte[] reply) {
    if (entry != null) {
      entry.answered(reply);
    }
  }
}
