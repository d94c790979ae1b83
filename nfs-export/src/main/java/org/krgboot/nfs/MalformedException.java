package org.krgboot.nfs;

/** Bytes that are not what the protocol says. Answered or dropped, and counted; never logged. */
final class MalformedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedException(String message) {
    super(message, null, false, false);
  }
}
