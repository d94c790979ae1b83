package org.krgboot.linux;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Calls of {@link FileCalls} for threads that live for one request, such as virtual ones. There
 * each thread would get a scratch area of its own, which goes when the collector finds that the
 * thread has ended; here the next that calls uses it again. So there are no more areas than calls
 * at the same time.
 */
public final class BriefCalls {
  private static final Queue<Scratch> IDLE = new ConcurrentLinkedQueue<>();

  private BriefCalls() {}

  /** open(2) of what exists: from the working directory, or of an absolute path. */
  public static int open(byte[] path, int flags) throws LinuxException {
    Scratch scratch = scratch();
    try {
      long name = scratch.name(path);
      int with = flags | OpenFlags.O_CLOEXEC;
      return (int) scratch.call(SystemCall.OPENAT, AtFlags.AT_FDCWD, name, with, 0);
    } finally {
      IDLE.add(scratch);
    }
  }

  /** close(2), as {@link FileCalls#close}. */
  public static void close(int fd) throws LinuxException {
    Scratch scratch = scratch();
    try {
      FileCalls.close(scratch, fd);
    } finally {
      IDLE.add(scratch);
    }
  }

  /** How many areas wait for the next call. */
  static int idle() {
    return IDLE.size();
  }

  private static Scratch scratch() {
    Scratch idle = IDLE.poll();
    return idle == null ? Scratch.shared() : idle;
  }
}
