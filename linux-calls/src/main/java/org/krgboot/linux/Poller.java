package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One thread's wait for its sockets, for a time, and for other threads, epoll(7). A socket is told
 * of as long as there is something to do at it. {@link Epoll} is for several threads at once.
 *
 * <p>The time is a timerfd(7) that stays as it was set, and no limit of each wait: a wait that ends
 * before its limit costs the kernel the setting and the taking back of a clock interrupt.
 */
public final class Poller implements AutoCloseable {
  /** There is something to receive. */
  public static final int IN = 0x001;

  /** There is room to send. */
  public static final int OUT = 0x004;

  /** What {@link #id} gives for a {@link #wake}. */
  public static final long WOKEN = -1;

  /** What {@link #id} gives when the time of {@link #alarmIn} has come. */
  public static final long ALARM = -2;

  /** Told once for each new event: the descriptor need not be read. */
  private static final int EDGE = 1 << 31;

  private static final int FOR_EVER = -1;
  private static final int ADD = 1;
  private static final int MODIFY = 3;
  private static final int CLOCK_MONOTONIC = 1;

  /** EPOLL_CLOEXEC, EFD_CLOEXEC and TFD_CLOEXEC; EFD_NONBLOCK and TFD_NONBLOCK. */
  private static final int CLOSE_ON_EXEC = 02000000;

  private static final int NONBLOCK = 04000;

  /** struct epoll_event is packed on x86-64 only: uapi/linux/eventpoll.h. */
  private static final long DATA = Architecture.HERE.pick(4, 8);

  private static final long EVENT_SIZE = Architecture.HERE.pick(12, 16);

  /** struct itimerspec: interval and value, each seconds and nanoseconds. */
  private static final int TIMER_SPEC = 32;

  private static final int VALUE = 16;
  private static final long SECOND = 1_000_000_000;

  private final int fd;
  private final int bell;
  private final int clock;
  private final int most;
  private final MemorySegment events;

  /** Not the waking threads' own: a virtual thread would get an area for this one call. */
  private final Scratch ringer = Scratch.shared();

  private Poller(int fd, int bell, int clock, int most) {
    this.fd = fd;
    this.bell = bell;
    this.clock = clock;
    this.most = most;
    this.events = Arena.ofAuto().allocate(most * EVENT_SIZE, 8);
  }

  /**
   * Waits for nothing yet.
   *
   * @param most events of one {@link #await}
   */
  public static Poller open(int most) throws LinuxException {
    Scratch mine = Scratch.mine();
    int fd = (int) mine.call(SystemCall.EPOLL_CREATE1, CLOSE_ON_EXEC);
    int bell = -1;
    int clock = -1;
    try {
      bell = (int) mine.call(SystemCall.EVENTFD2, 0, CLOSE_ON_EXEC | NONBLOCK);
      clock = (int) mine.call(SystemCall.TIMERFD_CREATE, CLOCK_MONOTONIC, CLOSE_ON_EXEC | NONBLOCK);
      Poller poller = new Poller(fd, bell, clock, most);
      poller.control(ADD, bell, IN | EDGE, WOKEN);
      poller.control(ADD, clock, IN | EDGE, ALARM);
      return poller;
    } catch (LinuxException refused) {
      for (int each : new int[] {clock, bell, fd}) {
        if (each >= 0) {
          FileCalls.close(each);
        }
      }
      throw refused;
    }
  }

  /**
   * Waits for something to receive from now on, until the socket is closed.
   *
   * @param id what {@link #id} then gives; not negative
   */
  public void add(int socket, long id) throws LinuxException {
    control(ADD, socket, IN, id);
  }

  /** Waits for these events of a socket that was added. */
  public void change(int socket, int events, long id) throws LinuxException {
    control(MODIFY, socket, events, id);
  }

  private void control(int operation, int socket, int wanted, long id) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment event = mine.structure();
    event.set(JAVA_INT, 0, wanted);
    event.set(JAVA_LONG_UNALIGNED, DATA, id);
    mine.call(SystemCall.EPOLL_CTL, fd, operation, socket, event.address());
  }

  /** Waits; how many events there are. */
  public int await() throws LinuxException {
    return await(FOR_EVER);
  }

  /** How many events there are now. */
  public int look() throws LinuxException {
    return await(0);
  }

  private int await(int milliseconds) throws LinuxException {
    return (int)
        Scratch.mine().call(SystemCall.EPOLL_PWAIT, fd, events.address(), most, milliseconds, 0);
  }

  /** Whose event it is. */
  public long id(int index) {
    return events.get(JAVA_LONG_UNALIGNED, index * EVENT_SIZE + DATA);
  }

  /** Which events: of those waited for, and always errors, which receiving tells. */
  public int events(int index) {
    return events.get(JAVA_INT_UNALIGNED, index * EVENT_SIZE);
  }

  /** Ends a wait, or the next one. For any thread, also one that does not live long. */
  public void wake() throws LinuxException {
    synchronized (ringer) {
      MemorySegment one = ringer.structure();
      one.set(JAVA_LONG, 0, 1);
      ringer.call(SystemCall.WRITE, bell, one.address(), Long.BYTES);
    }
  }

  /** Ends a wait after so many nanoseconds, once; in place of what was set before. */
  public void alarmIn(long nanos) throws LinuxException {
    Scratch mine = Scratch.mine();
    MemorySegment time = mine.structure().asSlice(0, TIMER_SPEC).fill((byte) 0);
    long least = Math.max(1, nanos); // 0 takes the alarm back
    time.set(JAVA_LONG, VALUE, least / SECOND);
    time.set(JAVA_LONG, VALUE + 8, least % SECOND);
    mine.call(SystemCall.TIMERFD_SETTIME, clock, 0, time.address(), 0);
  }

  /** Nobody may wait or wake any more. */
  @Override
  public void close() throws LinuxException {
    FileCalls.close(clock);
    FileCalls.close(bell);
    FileCalls.close(fd);
  }
}
