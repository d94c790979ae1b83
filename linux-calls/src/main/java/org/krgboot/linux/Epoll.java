package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Waits for sockets, epoll(7). Each registration is for one event (EPOLLONESHOT): whoever gets it
 * has the socket for itself until it arms it again, so that several threads may wait at once.
 */
public final class Epoll implements AutoCloseable {
  /** There is something to receive, or the peer has left. */
  public static final int IN = 0x001;

  /** There is room to send. */
  public static final int OUT = 0x004;

  private static final int ONE_SHOT = 1 << 30;
  private static final int FOR_EVER = -1;
  private static final int ADD = 1;
  private static final int MODIFY = 3;

  /**
   * {@code struct epoll_event} is packed on x86-64 and aligned elsewhere: uapi/linux/eventpoll.h.
   */
  private static final long DATA = Architecture.HERE.pick(4, 8);

  /** EPOLL_CLOEXEC. */
  private static final int CLOSE_ON_EXEC = 02000000;

  /** What {@link #await} gives from {@link #stop} on. */
  public static final long STOPPED = -1;

  private final int fd;

  /** Readable from its making on, eventfd(2); not waited for until {@link #stop}. */
  private final int bell;

  private Epoll(int fd, int bell) {
    this.fd = fd;
    this.bell = bell;
  }

  public static Epoll open() throws LinuxException {
    Scratch mine = Scratch.mine();
    int fd = (int) mine.call(SystemCall.EPOLL_CREATE1, CLOSE_ON_EXEC);
    try {
      return new Epoll(fd, (int) mine.call(SystemCall.EVENTFD2, 1, CLOSE_ON_EXEC));
    } catch (LinuxException refused) {
      FileCalls.close(fd);
      throw refused;
    }
  }

  /** Wakes all that wait, now and later. */
  public void stop() throws LinuxException {
    control(ADD, bell, IN, STOPPED);
  }

  /**
   * Waits for one event of a socket. It ends with the socket's last descriptor.
   *
   * @param id what {@link #await} then gives; not negative
   */
  public void add(int socket, int events, long id) throws LinuxException {
    control(ADD, socket, events | ONE_SHOT, id);
  }

  /** Waits for the next event of a socket that was added. It may come at once. */
  public void arm(int socket, int events, long id) throws LinuxException {
    control(MODIFY, socket, events | ONE_SHOT, id);
  }

  private void control(int operation, int socket, int events, long id) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment event = mine.structure();
    event.set(JAVA_INT, 0, events);
    event.set(JAVA_LONG_UNALIGNED, DATA, id);
    mine.call(SystemCall.EPOLL_CTL, fd, operation, socket, event.address());
  }

  /**
   * The id of a socket that has an event, epoll_pwait(2); nobody gets it again until it is armed.
   */
  public long await() throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment event = mine.structure();
    mine.call(SystemCall.EPOLL_PWAIT, fd, event.address(), 1, FOR_EVER, 0);
    return event.get(JAVA_LONG_UNALIGNED, DATA);
  }

  /** Nobody may wait any more, or begin to. */
  @Override
  public void close() throws LinuxException {
    FileCalls.close(bell);
    FileCalls.close(fd);
  }
}
