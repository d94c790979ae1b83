package org.krgboot.nfs;

import java.io.IOException;

/** A refusal that the client is told of. Has no stack trace: it is an answer. */
final class NfsException extends IOException {
  private static final long serialVersionUID = 1;

  private final NfsStatus status;

  NfsException(NfsStatus status) {
    super(status.name());
    this.status = status;
  }

  NfsStatus status() {
    return status;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing is written
  public Throwable fillInStackTrace() {
    return this;
  }
}
