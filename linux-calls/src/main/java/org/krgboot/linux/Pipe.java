package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;

/**
 * A pipe through which pages of files go into sockets without being copied, splice(2). What is in
 * it are the pages of the file's cache themselves, so that they hold what is written to the file
 * until they are sent. One thread at a time.
 */
public final class Pipe implements AutoCloseable {
  private static final int PAGE = 4096;
  private static final int SET_SIZE = 1031;
  private static final int NONBLOCK = 04000;
  private static final int CLOSE_ON_EXEC = 02000000;

  /** SPLICE_F_NONBLOCK: does not wait for the pipe. */
  private static final int NO_WAIT = 2;

  private final int in;
  private final int out;
  private final int nowhere;
  private final int capacity;
  private int held;

  private Pipe(int in, int out, int nowhere, int capacity) {
    this.in = in;
    this.out = out;
    this.nowhere = nowhere;
    this.capacity = capacity;
  }

  /**
   * A pipe that holds so much of a file at a time, if it begins at a page. EPERM if that is more
   * than the machine grants, EMFILE if there are too many descriptors.
   */
  public static Pipe open(int capacity) throws LinuxException {
    int nowhere = FileCalls.open("/dev/null".getBytes(US_ASCII), OpenFlags.O_WRONLY, 0);
    Scratch mine = Scratch.mine();
    MemorySegment ends = mine.structure();
    try {
      mine.call(SystemCall.PIPE2, ends.address(), NONBLOCK | CLOSE_ON_EXEC);
    } catch (LinuxException refused) {
      FileCalls.close(nowhere);
      throw refused;
    }
    Pipe pipe = new Pipe(ends.getAtIndex(JAVA_INT, 1), ends.get(JAVA_INT, 0), nowhere, capacity);
    try {
      mine.call(SystemCall.FCNTL, pipe.in, SET_SIZE, capacity);
      return pipe;
    } catch (LinuxException refused) {
      pipe.close();
      throw refused;
    }
  }

  /** Whether it takes that part of a file, when it is empty. */
  public boolean takes(long offset, int count) {
    return offset % PAGE + count <= capacity;
  }

  /** Bytes that are in it. */
  public int held() {
    return held;
  }

  /**
   * Takes this part of a file, which it must have room for.
   *
   * @return bytes now held of it; fewer than {@code count} means end of file, or an error after the
   *     first bytes
   */
  public int fill(int file, long offset, int count) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment at = mine.structure();
    int done = 0;
    while (done < count) {
      at.set(JAVA_LONG, 0, offset + done);
      long next = mine.splice(file, at.address(), in, 0, count - done, NO_WAIT);
      if (next == 0) {
        break;
      } else if (next > 0) {
        done += (int) next;
        held += (int) next;
      } else if (mine.error() != Errno.EINTR.number()) {
        if (done > 0) {
          break;
        }
        throw new LinuxException("splice", mine.error());
      }
    }
    return done;
  }

  /**
   * Sends what there is room for of what it holds, to a socket that does not block.
   *
   * @return bytes, or {@link TcpSockets#WOULD_BLOCK}
   */
  public int send(int socket) throws LinuxException {
    Scratch mine = Scratch.mine();
    while (true) {
      long count = mine.splice(out, 0, socket, 0, held, NO_WAIT);
      if (count >= 0) {
        held -= (int) count;
        return (int) count;
      }
      int error = mine.error();
      if (error == Errno.EAGAIN.number()) {
        return TcpSockets.WOULD_BLOCK;
      }
      if (error != Errno.EINTR.number()) {
        throw new LinuxException("splice", error);
      }
    }
  }

  /** Lets go of what it holds. */
  public void clear() throws LinuxException {
    Scratch mine = Scratch.mine();
    while (held > 0) {
      long count = mine.splice(out, 0, nowhere, 0, held, NO_WAIT);
      if (count > 0) {
        held -= (int) count;
      } else if (count == 0 || mine.error() != Errno.EINTR.number()) {
        throw new LinuxException("splice", count == 0 ? Errno.EPIPE.number() : mine.error());
      }
    }
  }

  @Override
  public void close() throws LinuxException {
    FileCalls.close(nowhere);
    FileCalls.close(in);
    FileCalls.close(out);
  }
}
