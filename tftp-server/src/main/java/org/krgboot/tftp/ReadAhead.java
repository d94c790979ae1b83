package org.krgboot.tftp;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
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

  /** Blocks as datagrams, one behind the other; all but the file's last are equally long. */
  private record Chunk(long index, ReadMemory.Piece wire) {}

  private final BootFile file;
  private final TransferPlan plan;
  private final ReadMemory memory;
  private final int blocksPerChunk;
  private final Threads threads;
  private final Listener listener;
  private final ArrayDeque<Chunk> held = new ArrayDeque<>(2);
  private ReadMemory.@Nullable Piece spare;
  private boolean loading;
  private boolean closed;

  /**
   * Nothing is read yet.
   *
   * @param file closed with this
   * @param memory closed with this
   */
  ReadAhead(
      BootFile file, TransferPlan plan, ReadMemory memory, Threads threads, Listener listener) {
    this.file = file;
    this.plan = plan;
    this.memory = memory;
    this.blocksPerChunk = memory.blocksPerChunk();
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
    while (!held.isEmpty() && held.getFirst().index() < chunkOf(unacknowledged)) {
      keep(held.removeFirst().wire()); // the kernel has copied what was sent
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

  /** For the next read. Not more than one: else what is held would grow beyond two chunks. */
  private void keep(ReadMemory.Piece free) {
    if (spare == null) {
      spare = free;
    } else {
      memory.free(free);
    }
  }

  private void load(long index) {
    loading = true;
    ReadMemory.Piece reusable = spare;
    spare = null;
    try {
      threads.disk().execute(() -> tell(read(index, reusable)));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      tell(new Read(index, reusable, e));
    }
  }

  /** What became of a read; {@code why} if it failed. */
  private record Read(long index, ReadMemory.@Nullable Piece wire, @Nullable Throwable why) {}

  /**
   * On a thread that may block. Whatever goes wrong: a transfer that is not told waits for ever.
   */
  private Read read(long index, ReadMemory.@Nullable Piece reusable) {
    long first = index * blocksPerChunk + 1;
    int blocks = (int) Math.min(blocksPerChunk, plan.blocks() - first + 1);
    ReadMemory.Piece wire = reusable;
    try {
      wire = wire == null ? memory.allocate(blocks * plan.datagramSize()) : wire;
      layOut(wire.octets().asByteBuffer(), first, blocks);
      return new Read(index, wire, null);
    } catch (IOException | RuntimeException | Error e) {
      return new Read(index, wire, e);
    }
  }

  private void tell(Read read) {
    try {
      threads.loop().execute(() -> take(read));
    } catch (RejectedExecutionException e) {
      // The loop has ended all of its transfers, and left what this read needed to it.
      letGo(read.wire());
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
      int at = i * plan.datagramSize();
      TftpCodec.encodeDataHeader(plan.rollOver().onWire(first + i), wire, at);
      int behind = at + TftpCodec.DATA_HEADER;
      wire.put(behind, wire, headers + i * plan.blockSize(), plan.lengthOf(first + i));
    }
  }

  private void take(Read read) {
    loading = false;
    ReadMemory.Piece wire = read.wire();
    if (closed) {
      onDisk(() -> letGo(wire));
    } else if (wire != null && read.why() == null) {
      held.addLast(new Chunk(read.index(), wire));
      listener.loaded();
    } else {
      if (wire != null) {
        keep(wire);
      }
      listener.failed(read.why() instanceof IOException why ? why : new IOException(read.why()));
    }
  }

  /** The last of the blocks from {@code first} to {@code last} that lies in the same chunk. */
  long lastBeside(long first, long last) {
    return Math.min(last, (chunkOf(first) + 1) * blocksPerChunk);
  }

  /** The memory that this block lies in, which {@link #provide} said is there. */
  MemorySegment wire(long block) {
    Chunk first = held.getFirst();
    return (first.index() == chunkOf(block) ? first : held.getLast()).wire().octets();
  }

  /** Where in its memory the block begins, with its header. */
  long offset(long block) {
    return (block - 1) % blocksPerChunk * plan.datagramSize();
  }

  /** Octets of blocks of one chunk, as datagrams one behind the other. */
  int length(long first, long last) {
    return (int) (last - first) * plan.datagramSize() + TftpCodec.DATA_HEADER + plan.lengthOf(last);
  }

  /** Gives the memory back, and closes the file, once no read is under way. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (!loading) { // else that is done when the read ends, which may need all of it
        onDisk(() -> letGo(null));
      }
    }
  }

  private void onDisk(Runnable task) {
    try {
      threads.disk().execute(task);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      task.run(); // the server is being closed, or cannot have a thread more
    }
  }

  /** The end of all: nobody uses anything here any more. */
  private void letGo(ReadMemory.@Nullable Piece wire) {
    if (wire != null) {
      memory.free(wire);
    }
    if (spare != null) {
      memory.free(spare);
    }
    held.forEach(chunk -> memory.free(chunk.wire()));
    memory.close();
    file.close();
  }
}
