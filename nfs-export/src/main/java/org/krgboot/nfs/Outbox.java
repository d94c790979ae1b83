package org.krgboot.nfs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.TcpSockets;

/**
 * Replies that a client has no room for yet. Empty as long as the client reads: then replies go
 * from the thread's own buffer into the socket.
 */
final class Outbox {
  /** Replies are put together up to this. */
  private static final int TOGETHER = 64 << 10;

  private final int socket;
  private final Buffers buffers;
  private final Deque<Piece> pieces = new ArrayDeque<>(1);

  Outbox(int socket, Buffers buffers) {
    this.socket = socket;
    this.buffers = buffers;
  }

  /** Bytes, and what follows them from a file. */
  private final class Piece {
    private final XdrWriter kept = new XdrWriter(buffers);
    private int sent;
    private @Nullable FileRest rest;

    boolean takesMore() {
      return rest == null && kept.position() < TOGETHER;
    }

    boolean send() throws IOException {
      sent = sendFrom(kept, sent);
      return sent == kept.position() && (rest == null || rest.send(socket));
    }

    void close() {
      kept.release();
      if (rest != null) {
        rest.close();
      }
    }
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /**
   * Sends all that was written, after what is here already; what there is no room for stays here.
   * The writer is empty then.
   *
   * @return true if nothing stayed
   */
  boolean send(XdrWriter out) throws IOException {
    if (out.position() > 0) {
      int all = out.length(); // what is sent of a pipe is not in it any more
      int done = isEmpty() ? sendAll(out) : 0;
      if (done < all) {
        keep(out, done);
      }
      out.rewind(0); // perhaps an empty one by now
    }
    return isEmpty();
  }

  /** Sends what was written and what is in its pipe, as far as there is room; gives how much. */
  private int sendAll(XdrWriter out) throws IOException {
    int done = sendFrom(out, 0);
    if (done < out.position()) {
      return done;
    }
    while (out.isPiped()) {
      int count = out.sendPiped(socket);
      if (count == TcpSockets.WOULD_BLOCK) {
        break;
      }
      done += count;
    }
    return done;
  }

  private int sendFrom(XdrWriter out, int from) throws IOException {
    if (from == out.position()) {
      return from;
    }
    MemorySegment all = MemorySegment.ofBuffer(out.written());
    int done = from;
    while (done < all.byteSize()) {
      MemorySegment rest = done == 0 ? all : all.asSlice(done);
      int count =
          out.isPiped() ? TcpSockets.sendFirst(socket, rest) : TcpSockets.send(socket, rest);
      if (count == TcpSockets.WOULD_BLOCK) {
        break;
      }
      done += count;
    }
    return done;
  }

  private void keep(XdrWriter out, int done) {
    Piece piece = pieces.peekLast();
    if (piece == null || !piece.takesMore()) {
      piece = new Piece();
      pieces.addLast(piece);
    }
    boolean much = out.position() - done >= ReadProcedures.WORTH_REREADING;
    if (much && !out.isPiped() && piece.kept.position() == 0 && buffers.adopts(out.capacity())) {
      piece.kept.takeOver(out);
      piece.sent = done;
      return;
    }
    int end = out.position();
    XdrWriter.FileTail tail = out.tail();
    if (tail != null) {
      int from = Math.max(done, tail.position());
      int left = tail.position() + tail.count() - from;
      if (out.isPiped() || left >= ReadProcedures.WORTH_REREADING) {
        long offset = tail.offset() + from - tail.position();
        piece.rest = new FileRest(tail.fd(), offset, left, tail.let());
        out.tailIsTaken();
        end = Math.min(from, end);
      }
    }
    piece.kept.append(out.written().limit(end).position(Math.min(done, end)));
  }

  /** Goes on with what stayed; true if nothing does any more. */
  boolean flush() throws IOException {
    for (Piece piece = pieces.peekFirst(); piece != null; piece = pieces.peekFirst()) {
      if (!piece.send()) {
        return false;
      }
      pieces.removeFirst();
      piece.close();
    }
    return true;
  }

  /** Gives everything back; nothing more is sent. */
  void close() {
    pieces.forEach(Piece::close);
    pieces.clear();
  }
}
