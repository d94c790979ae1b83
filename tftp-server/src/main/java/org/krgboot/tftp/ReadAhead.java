package org.krgboot.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
 * The file is read in chunks of whole windows, at most two at a time: the one being sent and the
 * one behind it. Who reads puts the blocks down as they are on the wire, each behind its header, so
 * that a window is a piece of a chunk and the loop copies nothing. All methods are called on the
 * loop; the reads happen on {@code disk}.
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

  /**
   * What a transfer may hold.
   *
   * @param chunkBytes of the file at once, but never less than a window
   */
  record Memory(ByteBufAllocator allocator, int chunkBytes) {}

  /** Blocks as datagrams, one behind the other; all but the file's last are equally long. */
  private record Chunk(long index, ByteBuf wire) {}

  private final BootFile file;
  private final TransferPlan plan;
  private final int blocksPerChunk;
  private final Threads threads;
  private final ByteBufAllocator memory;
  private final Listener listener;
  private final ArrayDeque<Chunk> held = new ArrayDeque<>(2);
  private @Nullable ByteBuf spare;
  private boolean loading;
  private boolean closed;

  ReadAhead(BootFile file, TransferPlan plan, Threads threads, Memory memory, Listener listener) {
    this.file = file;
    this.plan = plan;
    int windows = memory.chunkBytes() / plan.blockSize() / plan.window();
    this.blocksPerChunk = Math.max(1, windows) * plan.window();
    this.threads = threads;
    this.memory = memory.allocator();
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
    while (!held.isEmpty() && held.getFirst().index() < chunkOf(unacknowledged)) {
      keep(held.removeFirst().wire());
    }
    boolean ready =
        !held.isEmpty()
            && held.getFirst().index() <= chunkOf(first)
            && held.getLast().index() >= chunkOf(last);
    long next = held.isEmpty() ? chunkOf(unacknowledged) : held.getLast().index() + 1;
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

  /** Memory for the next read, unless what was sent from it is still on its way. */
  private void keep(ByteBuf wire) {
    if (spare == null && wire.refCnt() == 1) {
      spare = wire;
    } else {
      wire.release();
    }
  }

  private void load(long index) {
    loading = true;
    long first = index * blocksPerChunk + 1;
    int blocks = (int) Math.min(blocksPerChunk, plan.blocks() - first + 1);
    int room = blocks * (TftpCodec.DATA_HEADER + plan.blockSize());
    ByteBuf reusable = spare;
    spare = null;
    ByteBuf wire = reusable == null ? memory.directBuffer(room, room) : reusable;
    threads.disk().execute(() -> tell(wire, read(new Chunk(index, wire), first, blocks)));
  }

  /** On a thread that may block; what the loop is to do with the result. */
  private Runnable read(Chunk chunk, long first, int blocks) {
    try {
      layOut(chunk.wire().nioBuffer(0, chunk.wire().capacity()), first, blocks);
      return () -> loaded(chunk);
    } catch (IOException e) {
      return () -> failed(chunk, e);
    } catch (RuntimeException bug) {
      return () -> failed(chunk, new IOException(bug));
    }
  }

  private void tell(ByteBuf wire, Runnable result) {
    try {
      threads.loop().execute(result);
    } catch (RejectedExecutionException e) {
      wire.release();
      file.close(); // the server is being closed, and left the file to this read
    }
  }

  /** Reads behind the room that the headers will take, and moves each block to its place. */
  private void layOut(ByteBuffer wire, long first, int blocks) throws IOException {
    long from = (first - 1) * plan.blockSize();
    int length = (int) Math.min((long) blocks * plan.blockSize(), plan.size() - from);
    int headers = blocks * TftpCodec.DATA_HEADER;
    if (file.read(wire.slice(headers, length), from) != length) {
      throw new EOFException("the file became shorter while it was sent");
    }
    for (int i = 0; i < blocks; i++) {
      int at = i * (TftpCodec.DATA_HEADER + plan.blockSize());
      TftpCodec.encodeDataHeader(plan.rollOver().onWire(first + i), wire, at);
      int behind = at + TftpCodec.DATA_HEADER;
      wire.put(behind, wire, headers + i * plan.blockSize(), plan.lengthOf(first + i));
    }
  }

  private void loaded(Chunk chunk) {
    loading = false;
    if (closed) {
      chunk.wire().release();
      threads.disk().execute(file::close);
    } else {
      held.addLast(chunk);
      listener.loaded();
    }
  }

  private void failed(Chunk chunk, IOException why) {
    loading = false;
    chunk.wire().release();
    if (closed) {
      threads.disk().execute(file::close);
    } else {
      listener.failed(why);
    }
  }

  /** The last of the blocks from {@code first} to {@code last} that lies in the same chunk. */
  long lastBeside(long first, long last) {
    return Math.min(last, (chunkOf(first) + 1) * blocksPerChunk);
  }

  /**
   * Blocks of one chunk that {@link #provide} said are there, as datagrams one behind the other.
   * The caller releases it.
   */
  ByteBuf datagrams(long first, long last) {
    Chunk chunk = held.getFirst().index() == chunkOf(first) ? held.getFirst() : held.getLast();
    int each = TftpCodec.DATA_HEADER + plan.blockSize();
    int at = (int) ((first - 1) % blocksPerChunk) * each;
    int length = (int) (last - first) * each + TftpCodec.DATA_HEADER + plan.lengthOf(last);
    return chunk.wire().retainedSlice(at, length);
  }

  /** Closes the file too, once no read is under way. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      held.forEach(chunk -> chunk.wire().release());
      held.clear();
      if (spare != null) {
        spare.release();
        spare = null;
      }
      if (!loading) {
        threads.disk().execute(file::close);
      }
    }
  }
}
