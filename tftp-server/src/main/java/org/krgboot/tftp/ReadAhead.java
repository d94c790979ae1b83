package org.krgboot.tftp;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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

  /** Native memory that is given back when it is closed, and not later. */
  private record Memory(Arena arena, MemorySegment octets) {
    static Memory of(int size) {
      Arena arena = Arena.ofShared();
      return new Memory(arena, arena.allocate(size));
    }

    void close() {
      arena.close();
    }
  }

  /** Blocks as datagrams, one behind the other; all but the file's last are equally long. */
  private record Chunk(long index, Memory wire) {}

  private final BootFile file;
  private final TransferPlan plan;
  private final int blocksPerChunk;
  private final Threads threads;
  private final Listener listener;
  private final ArrayDeque<Chunk> held = new ArrayDeque<>(2);
  private @Nullable Memory spare;
  private boolean loading;
  private boolean closed;

  /**
   * Nothing is read yet.
   *
   * @param chunkBytes of the file at once, but never less than a window
   */
  ReadAhead(BootFile file, TransferPlan plan, Threads threads, int chunkBytes, Listener listener) {
    this.file = file;
    this.plan = plan;
    int windows = chunkBytes / plan.blockSize() / plan.window();
    this.blocksPerChunk = Math.max(1, windows) * plan.window();
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
      spare = held.removeFirst().wire(); // the kernel has copied what was sent
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

  private void load(long index) {
    loading = true;
    long first = index * blocksPerChunk + 1;
    int blocks = (int) Math.min(blocksPerChunk, plan.blocks() - first + 1);
    Memory reusable = spare;
    spare = null;
    threads
        .disk()
        .execute(() -> {
          Memory wire = reusable;
          IOException why = null;
          try {
            wire =
                wire == null
                    ? Memory.of(blocks * (TftpCodec.DATA_HEADER + plan.blockSize()))
                    : wire;
            layOut(wire.octets().asByteBuffer(), first, blocks);
          } catch (IOException e) {
            why = e;
          } catch (RuntimeException | OutOfMemoryError e) {
            why = new IOException(e);
          }
          tell(new Read(index, wire, why));
        });
  }

  /** What became of a read; {@code why} if it failed. */
  private record Read(long index, @Nullable Memory wire, @Nullable IOException why) {}

  private void tell(Read read) {
    try {
      threads.loop().execute(() -> take(read));
    } catch (RejectedExecutionException e) {
      release(read.wire()); // the server is being closed, and left this and the file to this read
      file.close();
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

  private void take(Read read) {
    loading = false;
    Memory wire = read.wire();
    IOException why = read.why();
    if (closed) {
      threads
          .disk()
          .execute(() -> {
            release(wire);
            file.close();
          });
    } else if (wire != null && why == null) {
      held.addLast(new Chunk(read.index(), wire));
      listener.loaded();
    } else {
      spare = wire;
      listener.failed(why == null ? new IOException("no memory") : why);
    }
  }

  private static void release(@Nullable Memory memory) {
    if (memory != null) {
      memory.close();
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
    return (block - 1) % blocksPerChunk * (TftpCodec.DATA_HEADER + plan.blockSize());
  }

  /** Octets of blocks of one chunk, as datagrams one behind the other. */
  int length(long first, long last) {
    return (int) (last - first) * (TftpCodec.DATA_HEADER + plan.blockSize())
        + TftpCodec.DATA_HEADER
        + plan.lengthOf(last);
  }

  /** Gives the memory back, and closes the file, once no read is under way. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List<Memory> memory = new ArrayList<>(held.stream().map(Chunk::wire).toList());
      held.clear();
      if (spare != null) {
        memory.add(spare);
        spare = null;
      }
      boolean last = !loading; // else the read under way closes the file
      threads
          .disk()
          .execute(() -> {
            memory.forEach(Memory::close);
            if (last) {
              file.close();
            }
          });
    }
  }
}
