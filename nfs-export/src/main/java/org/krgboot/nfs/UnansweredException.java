package org.krgboot.nfs;

/**
 * A call that gets no answer: the same call is being worked on, and its client will ask again. Any
 * answer would be taken for that of the first.
 */
final class UnansweredException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnansweredException() {
    super("the same call is being worked on", null, false, false);
  }
}
