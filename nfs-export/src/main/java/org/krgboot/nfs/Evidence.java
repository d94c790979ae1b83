package org.krgboot.nfs;

import org.jspecify.annotations.Nullable;

/**
 * What was found right before a call that must not be done twice: enough to tell afterwards, when
 * the process has died in between, whether it was done.
 *
 * <p>Files are known by the code of their handles, {@link WireHandle#code}. Each of the questions
 * is answered by what is there now; "done" is also said of what others have done meanwhile, as long
 * as doing it now would undo their work.
 */
sealed interface Evidence {
  /** In place of a file: there was none of that name. */
  long NONE = 0;

  /** REMOVE and RMDIR: the file that had the name. */
  record Removal(long victim) implements Evidence {
    /** Whether the victim is gone; what has the name now was made since. */
    boolean isDone(@Nullable WireHandle there) {
      return codeOf(there) != victim;
    }
  }

  /** RENAME: the file that had the old name, and what had the new one, if anything. */
  record Move(long source, long target) implements Evidence {
    static Move of(WireHandle source, @Nullable WireHandle target) {
      return new Move(source.code(), codeOf(target));
    }

    /** Whether the source has lost its old name, not to others: the target is gone too. */
    boolean isDone(@Nullable WireHandle from, @Nullable WireHandle to) {
      boolean untouched = target != NONE && codeOf(to) == target;
      return codeOf(from) != source && !untouched;
    }
  }

  /**
   * CREATE, MKDIR, SYMLINK, MKNOD and LINK: the name was free. It was done if what has the name now
   * is what the call makes, which the procedure knows.
   *
   * @param place the directory and the name, {@link WireHandle#place}
   */
  record Creation(long place) implements Evidence {}

  /** SETATTR with a guard: the file was as the guard says. */
  record Guarded() implements Evidence {}

  private static long codeOf(@Nullable WireHandle file) {
    return file == null ? NONE : file.code();
  }
}
