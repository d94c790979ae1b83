package org.krgboot.linux;

import java.io.IOException;

/**
 * A system call that the kernel refused. Carries no stack trace, so that it costs no more than an
 * answer: most of them are one (ENOENT for a LOOKUP).
 */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final Errno errno;
  private final int number;

  public LinuxException(String call, Errno errno) {
    this(call, errno, errno.number());
  }

  LinuxException(String call, int number) {
    this(call, Errno.of(number), number);
  }

  private LinuxException(String call, Errno errno, int number) {
    this.call = call;
    this.errno = errno;
    this.number = number;
  }

  public Errno errno() {
    return errno;
  }

  /** The kernel's error number, also where {@link #errno} is {@link Errno#OTHER}. */
  public int number() {
    return number;
  }

  @Override
  public String getMessage() {
    return call + ": " + errno + " (" + number + ")";
  }

  /** Leaves the trace empty: walking the stack costs more than the system call did. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing is written
  public Throwable fillInStackTrace() {
    return this;
  }
}
