package org.krgboot.nfs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.Epoll;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.TcpSockets;

/**
 * One client's connection. One thread at a time has its turn: it receives, answers the whole
 * records that came, and sends once. Calls that wait for a disk are handed to another thread, so
 * that those behind them are answered meanwhile. While the client does not read its replies,
 * nothing is read from it, and no thread waits for it.
 */
final class TcpConnection implements Loops.Ready {
  /** Replies are sent before they grow beyond this. */
  private static final int FLUSH_AT = 64 << 10;

  /** No small reply needs more, so that no call that changes something fails for want of room. */
  private static final int REPLY_ROOM = 4 << 10;

  /** Then it is the turn of others. */
  private static final int CALLS_A_TURN = 64;

  private static final long GRACE_SECONDS = 4;

  private final int socket;
  private final int maxJobs;
  private final long id;
  private final Peer peer;
  private final TcpListener listener;
  private final ClientShare share;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean finishing;

  // All below: guarded by the turn.
  private final RecordStream records;
  private final Outbox outbox;
  private @Nullable ByteBuffer postponed;

  /** The call that this thread is to do after its turn, when others can have the connection. */
  private BufferPool.@Nullable Buffer own;

  private int jobs;
  private int armed;
  private boolean ended;
  private boolean starving;
  private boolean closed;
  private final Patience patience;

  TcpConnection(int socket, Peer peer, TcpListener listener, ClientShare share) {
    this.socket = socket;
    this.maxJobs = listener.limits().waitingCalls();
    this.peer = peer;
    this.listener = listener;
    this.share = share;
    this.records = new RecordStream(share, listener.limits().maxRecord());
    this.patience = new Patience(listener.limits());
    this.outbox = new Outbox(socket, share);
    this.id = listener.loops().register(this);
  }

  ClientShare share() {
    return share;
  }

  Peer peer() {
    return peer;
  }

  /** Begins to serve. */
  void start() {
    turn.lock();
    try {
      armed = Epoll.IN;
      listener.loops().add(socket, Epoll.IN, id);
    } catch (LinuxException e) {
      lose();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void ready(XdrWriter out) {
    BufferPool.Buffer call;
    turn.lock();
    try {
      turn(out);
    } finally {
      call = own;
      own = null;
      out.rewind(0);
      turn.unlock();
    }
    if (call != null) {
      try {
        work(call);
      } finally {
        listener.loops().waited();
      }
    }
  }

  private void turn(XdrWriter out) {
    try {
      armed = 0;
      starving = false;
      if (!closed) {
        serve(out);
        settle();
      }
    } catch (IOException e) {
      lose();
    } catch (MalformedException e) {
      listener.count("malformed");
      close();
    } catch (BufferPool.ExhaustedException | OutOfMemoryError e) {
      listener.count("out-of-buffers");
      close();
    } catch (RuntimeException | Error bug) {
      listener.loops().fault(bug);
      close();
    }
  }

  private void serve(XdrWriter out) throws IOException {
    if (!outbox.flush()) {
      return;
    }
    patience.clientHasRead();
    boolean more = true;
    for (int left = CALLS_A_TURN; left > 0; left--) {
      ByteBuffer record = next();
      if (record == null) {
        if (!outbox.send(out) || !more || isFull()) {
          return;
        }
        more = receive();
      } else if (!answer(record, out) || (mustSend(out) && !outbox.send(out))) {
        break;
      }
    }
    var _ = outbox.send(out);
  }

  private static boolean mustSend(XdrWriter out) {
    return out.position() >= FLUSH_AT || out.isPiped(); // nothing can be written behind a pipe
  }

  private boolean isFull() {
    return ended || finishing || jobs >= maxJobs;
  }

  private @Nullable ByteBuffer next() {
    if (finishing || jobs >= maxJobs) {
      return null;
    }
    ByteBuffer first = postponed;
    postponed = null;
    return first != null ? first : records.next();
  }

  /** Takes what has come; true if there may be more. */
  private boolean receive() throws IOException {
    boolean unfinished = records.isUnfinished();
    ByteBuffer room;
    try {
      room = records.room();
    } catch (BufferPool.ExhaustedException e) {
      starving = true;
      return false;
    }
    int space = room.remaining();
    int count = TcpSockets.receive(socket, MemorySegment.ofBuffer(room));
    if (count <= 0) {
      ended |= count == 0;
      return false;
    }
    room.position(room.position() + count);
    listener.bytesIn().add(count);
    if (!unfinished) {
      patience.callBegins();
    }
    return count == space;
  }

  /** False if it has to wait for buffers. */
  private boolean answer(ByteBuffer record, XdrWriter out) {
    int start = record.position();
    try {
      out.reserve(REPLY_ROOM);
      Dispatcher dispatcher = listener.dispatcher();
      if (!dispatcher.answerRecordNow(record, peer, out) && !handOver(record)) {
        dispatcher.answerRecord(record, peer, Disk.MAY_WAIT, out);
      }
      patience.callBegins(); // the next one, if part of it is there
      return true;
    } catch (BufferPool.ExhaustedException e) {
      postponed = record.position(start);
      starving = true;
      return false;
    }
  }

  /**
   * Keeps a copy of the call for a thread that may wait: this one after its turn, which saves
   * waking another, or a worker. False if there is no memory for a copy.
   */
  private boolean handOver(ByteBuffer record) {
    BufferPool.Buffer copy;
    try {
      copy = share.take(record.remaining());
    } catch (BufferPool.ExhaustedException e) {
      return false;
    }
    copy.bytes().put(record.duplicate()).flip();
    try {
      if (own == null && listener.loops().mayWait()) {
        own = copy;
      } else {
        listener.loops().execute(share.jobs().get(), () -> work(copy));
      }
      share.jobs().incrementAndGet();
      jobs++;
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError noThread) { // it stops, or has too many
      share.give(copy);
      return false;
    }
  }

  private void work(BufferPool.Buffer call) {
    XdrWriter out = new XdrWriter(listener.pool());
    boolean answered = false;
    try {
      listener.dispatcher().answerRecord(call.bytes(), peer, Disk.MAY_WAIT, out);
      answered = true;
    } catch (MalformedException e) {
      listener.count("malformed");
    } catch (BufferPool.ExhaustedException | OutOfMemoryError e) {
      listener.count("out-of-buffers");
    } finally {
      share.give(call);
      share.jobs().decrementAndGet();
      workDone(out, answered);
      out.release();
    }
  }

  private void workDone(XdrWriter out, boolean answered) {
    turn.lock();
    try {
      jobs--;
      if (!closed && !answered) {
        close();
      } else if (!closed) {
        var _ = outbox.send(out);
        settle();
      }
    } catch (IOException e) {
      lose();
    } catch (BufferPool.ExhaustedException | OutOfMemoryError e) {
      listener.count("out-of-buffers");
      close();
    } finally {
      turn.unlock();
    }
  }

  /** At the end of a turn: waits for what has to come next, or ends. */
  private void settle() throws IOException {
    boolean calls = postponed != null || records.hasNext();
    if (outbox.isEmpty() && jobs == 0 && (finishing || (ended && !calls))) {
      close();
      return;
    }
    patience.waitFor(waiting());
    if (postponed == null) {
      records.rest();
    }
    if (starving && outbox.isEmpty()) { // else its client has to read first, which is heard of
      listener.loops().awaitBuffers(this);
      return;
    }
    int wanted = 0;
    if (!outbox.isEmpty()) {
      wanted = Epoll.OUT;
    } else if (jobs < maxJobs && !finishing) {
      wanted = (calls ? Epoll.OUT : 0) | (ended ? 0 : Epoll.IN);
    }
    if (wanted != 0 && (armed & wanted) != wanted) {
      armed = wanted;
      listener.loops().arm(socket, wanted, id);
    }
  }

  @Override
  public void buffersFreed() {
    if (!turn.tryLock()) {
      listener.loops().awaitBuffers(this); // it is busy, or gives back itself
      return;
    }
    try {
      if (!closed && starving) {
        starving = false;
        armed = Epoll.IN | Epoll.OUT;
        listener.loops().arm(socket, armed, id);
      }
    } catch (LinuxException e) {
      lose();
    } finally {
      turn.unlock();
    }
  }

  /** Closes a connection that is idle or stuck for too long. */
  void closeIfOverdue(long now) {
    if (!turn.tryLock()) {
      return; // it has its turn
    }
    try {
      if (!closed && patience.isOver(waiting(), now)) {
        listener.count("connections-timed-out");
        close();
      }
    } finally {
      turn.unlock();
    }
  }

  private Patience.Wait waiting() {
    if (!outbox.isEmpty()) {
      return Patience.Wait.CLIENT_TO_READ;
    } else if (jobs > 0) {
      return Patience.Wait.OURSELVES;
    }
    return records.isUnfinished() ? Patience.Wait.REST_OF_CALL : Patience.Wait.NEXT_CALL;
  }

  /** Takes no more calls; those that are being answered get their answers, then it closes. */
  void finish() {
    finishing = true;
    end(() -> {
      if (jobs == 0 && outbox.isEmpty()) {
        close();
      }
    });
  }

  /** Closes whatever is open; only a call that is stuck in a turn keeps it. */
  void abandon() {
    end(this::close);
  }

  private void end(Runnable action) {
    try {
      if (turn.tryLock(GRACE_SECONDS, TimeUnit.SECONDS)) {
        try {
          if (!closed) {
            action.run();
          }
        } finally {
          turn.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lose() {
    if (!closed) {
      listener.count("connections-lost");
      close();
    }
  }

  private void close() {
    closed = true;
    postponed = null;
    listener.loops().forget(id);
    try {
      FileCalls.close(socket);
    } catch (LinuxException e) {
      listener.count("connections-lost");
    }
    records.release();
    outbox.close();
    listener.closed(this);
  }
}
