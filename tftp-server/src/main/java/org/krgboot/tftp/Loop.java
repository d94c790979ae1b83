package org.krgboot.tftp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Poller;

/**
 * A thread that waits for sockets, for times, and for tasks of other threads, and does what they
 * ask for, one after the other. Nothing that is done here may wait. All methods but {@link
 * #execute}, {@link #stop} and {@link #close} are called on that thread.
 */
final class Loop implements Executor, AutoCloseable {
  /** Then it is looked for tasks and times again. */
  private static final int EVENTS_A_TURN = 64;

  /** Requests and ACKs fit; what is longer is cut, and refused as too long. */
  private static final int LONGEST_DATAGRAM = 2048;

  /** What is due within that time of each other rings together. */
  private static final long TOGETHER = 250_000;

  private static final long GRACE_MILLIS = 5000;

  /** A socket's owner. */
  interface Socket {
    /** There is something to receive, or there is room to send again; or an error to be taken. */
    void ready(int events);

    /** Its turn failed by a bug of ours, or the loop ends: it is to be closed. */
    void end();
  }

  /** The wait after the n-th turn in a row that failed is n such times, up to the longest. */
  private static final long PAUSE = 10_000_000;

  private static final int LONGEST_PAUSE = 100;

  private final Bugs bugs;
  private final Poller poller;
  private final Thread thread;
  private final MemorySegment in = Arena.ofAuto().allocate(LONGEST_DATAGRAM);
  private final ByteBuffer inBytes = in.asByteBuffer();
  private final MemorySegment out = Arena.ofAuto().allocate(LONGEST_DATAGRAM);
  private final ByteBuffer outBytes = out.asByteBuffer();
  private final Alarms alarms = new Alarms();
  private final List<@Nullable Socket> sockets = new ArrayList<>();
  private final ArrayDeque<Integer> freePlaces = new ArrayDeque<>();

  /** Left in this turn: an event for the one that was there may still be among those told. */
  private final List<Integer> leftPlaces = new ArrayList<>();

  private boolean clockIsSet;
  private long clockAt;
  private boolean ringing;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean asleep = new AtomicBoolean();
  private final Object bell = new Object();
  private volatile boolean stopping;
  private volatile boolean ended;

  private Loop(Poller poller, Bugs bugs, String name) {
    this.bugs = bugs;
    this.poller = poller;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /** Starts the thread; the caller closes. */
  static Loop start(String name, Bugs bugs) throws LinuxException {
    Loop loop = new Loop(Poller.open(EVENTS_A_TURN), bugs, name);
    loop.thread.start();
    return loop;
  }

  /**
   * Does this on the loop's thread, soon. For any thread.
   *
   * @throws RejectedExecutionException if the loop has ended
   */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (ended && tasks.remove(task)) {
      throw new RejectedExecutionException("the server is being closed");
    }
    if (asleep.get() && asleep.compareAndSet(true, false)) {
      wake();
    }
  }

  private void wake() {
    synchronized (bell) {
      if (!ended) {
        try {
          poller.wake();
        } catch (LinuxException e) {
          bugs.tell("a loop cannot be woken", e);
        }
      }
    }
  }

  /** Where datagrams are received to; good until the next is received. */
  MemorySegment in() {
    return in;
  }

  /** The first octets of what was received. */
  ByteBuffer received(int length) {
    return inBytes.clear().limit(length);
  }

  /** Where small packets are made; the same octets are in {@link #out}. */
  ByteBuffer outBytes() {
    return outBytes.clear();
  }

  MemorySegment out() {
    return out;
  }

  /**
   * Tells the owner from now on when there is something to receive.
   *
   * @return its place, for {@link #change} and {@link #remove}
   */
  int add(int socket, Socket owner) throws LinuxException {
    Integer free = freePlaces.poll();
    int place = free == null ? sockets.size() : free;
    if (free == null) {
      sockets.add(null);
    }
    try {
      poller.add(socket, place);
    } catch (LinuxException e) {
      freePlaces.add(place);
      throw e;
    }
    sockets.set(place, owner);
    return place;
  }

  /** Tells the owner of these events. */
  void change(int socket, int events, int place) throws LinuxException {
    poller.change(socket, events, place);
  }

  /** Closes the socket; its owner hears no more of it. */
  void remove(int socket, int place) {
    sockets.set(place, null);
    leftPlaces.add(place);
    try {
      FileCalls.close(socket);
    } catch (LinuxException e) {
      bugs.tell("closing a socket", e);
    }
  }

  /** Rings once, then or a little later; in place of what the alarm was set to before. */
  void ringAt(Alarms.Alarm alarm, long nanoTime) {
    alarms.set(alarm, nanoTime);
    if (!ringing) {
      setClock();
    }
  }

  void cancel(Alarms.Alarm alarm) {
    alarms.cancel(alarm); // the clock stays as it is: one ring for nothing
  }

  /** Sets the clock to the first alarm, unless it rings before that anyway. */
  private void setClock() {
    Alarms.Alarm first = alarms.first();
    if (first == null || (clockIsSet && clockAt - first.at() <= TOGETHER)) {
      return;
    }
    try {
      clockAt = first.at() + TOGETHER;
      poller.alarmIn(clockAt - System.nanoTime());
      clockIsSet = true;
    } catch (LinuxException e) {
      bugs.tell("a loop has no clock", e);
    }
  }

  private void run() {
    int failures = 0;
    while (!stopping) {
      try {
        turn();
        failures = 0;
      } catch (LinuxException | RuntimeException | Error e) {
        bugs.tell("a turn of a loop", e);
        failures = Math.min(LONGEST_PAUSE, failures + 1);
        LockSupport.parkNanos(failures * PAUSE);
      }
    }
    sockets.stream().filter(owner -> owner != null).toList().forEach(this::end);
    runTasks();
    synchronized (bell) {
      ended = true;
    }
    runTasks(); // of those who did not know yet
    try {
      poller.close();
    } catch (LinuxException e) {
      bugs.tell("closing a loop", e);
    }
  }

  /** If it cannot wait, it does no tasks either: so that is seen by who asks whether it does. */
  private void turn() throws LinuxException {
    int count = await();
    boolean ring = false;
    try {
      for (int i = 0; i < count; i++) {
        long id = poller.id(i);
        if (id >= 0) {
          ready((int) id, poller.events(i));
        } else {
          ring |= id == Poller.ALARM;
        }
      }
      runTasks();
    } finally {
      freePlaces.addAll(leftPlaces);
      leftPlaces.clear();
      if (ring) { // told only once
        ring();
      }
    }
  }

  private int await() throws LinuxException {
    asleep.set(true);
    try {
      return tasks.isEmpty() ? poller.await() : poller.look();
    } finally {
      asleep.set(false);
    }
  }

  private void ready(int place, int events) {
    Socket owner = sockets.get(place);
    if (owner != null) {
      try {
        owner.ready(events);
      } catch (RuntimeException | Error bug) {
        bugs.tell(owner, bug);
        end(owner);
      }
    }
  }

  private void end(Socket owner) {
    try {
      owner.end();
    } catch (RuntimeException | Error bug) {
      bugs.tell(owner, bug);
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      run(task);
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error bug) {
      bugs.tell("a task of a loop", bug);
    }
  }

  private void ring() {
    clockIsSet = false;
    ringing = true;
    try {
      long now = System.nanoTime();
      for (Alarms.Alarm due = alarms.due(now); due != null; due = alarms.due(now)) {
        ring(due);
      }
    } finally {
      ringing = false;
      setClock();
    }
  }

  private void ring(Alarms.Alarm due) {
    try {
      due.ring();
    } catch (RuntimeException | Error bug) {
      bugs.tell("an alarm", bug);
    }
  }

  boolean isStopping() {
    return stopping;
  }

  /** Makes the loop end all its sockets, and then its thread. For any other thread. */
  void stop() {
    stopping = true;
    wake();
    LockSupport.unpark(thread);
  }

  /** Waits a little for the end of a loop that was stopped. For any other thread. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(GRACE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
