package org.krgboot.nfs;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.Epoll;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Pipe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve all connections: a few that wait for sockets and answer at once what takes
 * no time, and some that do what waits for a disk. Each call is done by one thread from end to end,
 * since the identity that it acts with is that thread's.
 */
final class Loops implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loops.class);

  /** More than processors: a READ that is not in memory holds up one of them. */
  private static final int THREADS =
      Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 32);

  /** They wait for disks, and what waits together is put on disk together. */
  static final int WORKERS = 32;

  private static final int LONGEST_READ = 1 << 20;
  private static final long WORKER_IDLE_SECONDS = 60;
  private static final long GRACE = TimeUnit.SECONDS.toNanos(4);

  /** A socket's owner. */
  interface Ready {
    /**
     * There is something to do; no other thread hears of it until the owner arms the socket again.
     *
     * @param out empty, and the thread's own; to be left empty
     */
    void ready(XdrWriter out);

    /** There are buffers again; called by whoever gave one back. */
    void buffersFreed();
  }

  private final Epoll epoll;
  private final BufferPool pool;
  private final Counters counters;
  private final Map<Long, Ready> owners = new ConcurrentHashMap<>();
  private final AtomicLong nextId = new AtomicLong();
  private final Queue<Ready> hungry = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final ThreadPoolExecutor workers;
  private final AtomicLong jobs = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Throttle faults = new Throttle();
  private volatile boolean closed;

  private Loops(Epoll epoll, BufferPool pool, Counters counters) {
    this.epoll = epoll;
    this.pool = pool;
    this.counters = counters;
    this.workers =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            WORKER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            Thread.ofPlatform().name("nfs-disk-", 0).daemon().factory());
    workers.allowCoreThreadTimeOut(true);
  }

  /** Starts the threads; the caller closes. */
  static Loops start(BufferPool pool, Counters counters) throws IOException {
    Loops loops = new Loops(Epoll.open(), pool, counters);
    pool.whenFreed(loops::feed);
    for (int i = 0; i < THREADS; i++) {
      loops.threads.add(Thread.ofPlatform().name("nfs-loop-" + i).daemon().start(loops::serve));
    }
    return loops;
  }

  /** What a READ puts into it: the longest, if it begins at a page. */
  private static @Nullable Pipe pipe() {
    try {
      return Pipe.open(LONGEST_READ);
    } catch (LinuxException e) {
      return null; // READs are copied then
    }
  }

  private void serve() {
    try (Pipe pipe = pipe()) {
      serve(new XdrWriter(pool, pipe));
    } catch (LinuxException e) {
      fault(e);
    }
  }

  private void serve(XdrWriter out) {
    while (!closed) {
      try {
        Ready owner = owners.get(epoll.await());
        if (owner != null) {
          owner.ready(out);
        }
      } catch (Throwable e) { // a bug, or no memory: the thread serves the others
        fault(e);
      }
    }
    out.release();
  }

  /** Something failed that should not; the thread goes on. */
  void fault(Throwable e) {
    counters.count("nfs.loop-faults");
    faults.run(() -> log.error("a connection's turn failed", e));
  }

  /** A name for an owner, under which its socket is added. */
  long register(Ready owner) {
    long id = nextId.getAndIncrement();
    owners.put(id, owner);
    return id;
  }

  /** Lets go of the owner; an event that is on its way goes to nobody. */
  void forget(long id) {
    owners.remove(id);
  }

  void add(int socket, int events, long id) throws LinuxException {
    epoll.add(socket, events, id);
  }

  void arm(int socket, int events, long id) throws LinuxException {
    epoll.arm(socket, events, id);
  }

  /**
   * Does this on a thread that may wait for a disk.
   *
   * @param rank how many jobs its client has already: who has few goes before who has many, of whom
   *     each job lets so many others pass that come later, and no more
   */
  void execute(int rank, Runnable work) {
    workers.execute(new Job(jobs.getAndIncrement() + (long) rank * WORKERS, work));
  }

  private record Job(long place, Runnable work) implements Runnable, Comparable<Job> {
    @Override
    public void run() {
      work.run();
    }

    @Override
    public int compareTo(Job other) {
      return Long.compare(place, other.place);
    }
  }

  /** Whether a thread that waits for sockets may wait for a disk now, until {@link #waited}. */
  boolean mayWait() {
    if (waiting.incrementAndGet() <= THREADS / 2) {
      return true;
    }
    waiting.decrementAndGet();
    return false;
  }

  void waited() {
    waiting.decrementAndGet();
  }

  /** Tells the owner when there are buffers again. */
  void awaitBuffers(Ready owner) {
    hungry.add(owner);
  }

  /** Tells one of those that wait for buffers. */
  private void feed() {
    Ready owner = hungry.poll();
    if (owner != null) {
      owner.buffersFreed();
    }
  }

  /** Tells all of them, in case somebody was missed; called every few seconds. */
  void feedAll() {
    for (int i = hungry.size(); i > 0; i--) {
      feed();
    }
  }

  /** Ends the threads; nobody may use a socket any more. */
  @Override
  public void close() throws IOException {
    closed = true;
    pool.whenFreed(() -> {});
    epoll.stop();
    workers.shutdown();
    long deadline = System.nanoTime() + GRACE; // of all together: a dead disk can hold each of them
    try {
      for (Thread each : threads) {
        var _ = each.join(Duration.ofNanos(deadline - System.nanoTime()));
      }
      var _ = workers.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (threads.stream().noneMatch(Thread::isAlive)) {
      epoll.close();
    }
  }
}
