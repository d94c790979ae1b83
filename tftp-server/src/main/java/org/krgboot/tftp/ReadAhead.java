package org.krgboot.tftp;

import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.BootFile;

/**
 * The blocks that a transfer needs next, in memory, so that its event loop never waits for a disk.
 * The file is read in chunks of whole blocks, at most two at a time: the one being sent and the one
 * behind it. All methods are called on the loop; the reads happen on {@code disk}.
 */
final class ReadAhead implements AutoCloseable {
  /** Where the results of reads go, on the loop. */
  interface Listener {
    void loaded();

    void failed(IOException why);
  }

  /**
   * Where the work is done.
   *
   * @param disk may block
   * @param loop where the listener is told, and the only one that calls this object
   */
  record Threads(Executor disk, Executor loop) {}

  private static final class Chunk {
    final long index;
    final byte[] bytes;

    Chunk(long index, byte[] bytes) {
      this.index = index;
      this.bytes = bytes;
    }
  }

  private final BootFile file;
  private final TransferPlan plan;
  private final int blocksPerChunk;
  private final Threads threads;
  private final Listener listener;
  private final ArrayDeque<Chunk> held = new ArrayDeque<>(2);
  private byte @Nullable [] spare;
  private boolean loading;
  private boolean closed;

  ReadAhead(BootFile file, TransferPlan plan, Threads threads, int chunkBytes, Listener listener) {
    this.file = file;
    this.plan = plan;
    // At least one window, so that a window lies in two chunks at most.
    this.blocksPerChunk = Math.max(plan.window(), chunkBytes / plan.blockSize());
    this.threads = threads;
    this.listener = listener;
  }

  /**
   * Begins to load what comes next, and drops what lies before {@code unacknowledged}: blocks from
   * there on may have to be sent again, so they stay although {@code first} may lie behind them.
   *
   * @return whether all blocks from {@code first} to {@code last} can be had now; if not, the
   *     listener is told when it is worth asking again
   */
  boolean provide(long unacknowledged, long first, long last) {
    while (!held.isEmpty() && held.getFirst().index < chunkOf(unacknowledged)) {
      spare = held.removeFirst().bytes;
    }
    boolean ready =
        !held.isEmpty()
            && held.getFirst().index <= chunkOf(first)
            && held.getLast().index >= chunkOf(last);
    long next = held.isEmpty() ? chunkOf(unacknowledged) : held.getLast().index + 1;
    // Ahead of need only for a client that has shown signs of life.
    boolean worthIt = !ready || first > 1;
    if (worthIt && !loading && held.size() < 2 && next <= chunkOf(plan.blocks())) {
      load(next);
    }
    return ready;
  }

  private long chunkOf(long block) {
    return (block - 1) / blocksPerChunk;
  }

  private void load(long index) {
    loading = true;
    long from = index * blocksPerChunk * plan.blockSize();
    int length = (int) Math.min((long) blocksPerChunk * plan.blockSize(), plan.size() - from);
    byte[] reusable = spare;
    spare = null;
    byte[] bytes = reusable != null && reusable.length >= length ? reusable : new byte[length];
    threads.disk().execute(() -> tell(read(index, bytes, length, from)));
  }

  /** On a thread that may block; what the loop is to do with the result. */
  private Runnable read(long index, byte[] bytes, int length, long from) {
    try {
      readFully(bytes, length, from);
      return () -> loaded(new Chunk(index, bytes));
    } catch (IOException e) {
      return () -> failed(e);
    } catch (RuntimeException bug) {
      return () -> failed(new IOException(bug));
    }
  }

  private void tell(Runnable result) {
    try {
      threads.loop().execute(result);
    } catch (RejectedExecutionException e) {
      file.close(); // the server is being closed, and left the file to this read
    }
  }

  private void readFully(byte[] bytes, int length, long from) throws IOException {
    int read = file.read(ByteBuffer.wrap(bytes, 0, length), from);
    if (read != length) {
      throw new EOFException("the file became shorter while it was sent");
    }
  }

  private void loaded(Chunk chunk) {
    loading = false;
    if (closed) {
      threads.disk().execute(file::close);
    } else {
      held.addLast(chunk);
      listener.loaded();
    }
  }

  private void failed(IOException why) {
    loading = false;
    if (closed) {
      threads.disk().execute(file::close);
    } else {
      listener.failed(why);
    }
  }

  /** Appends the bytes of a block that {@link #provide} said is there. */
  void copy(long block, ByteBuf out) {
    Chunk chunk = held.getFirst().index == chunkOf(block) ? held.getFirst() : held.getLast();
    int offset = (int) ((block - 1) % blocksPerChunk) * plan.blockSize();
    out.writeBytes(chunk.bytes, offset, plan.lengthOf(block));
  }

  /** Closes the file too, once no read is under way. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      held.clear();
      if (!loading) {
        threads.disk().execute(file::close);
      }
    }
  }
}
