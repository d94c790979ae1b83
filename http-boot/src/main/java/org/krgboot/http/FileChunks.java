package org.krgboot.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import java.io.EOFException;
import java.nio.ByteBuffer;
import org.krgboot.model.BootFile;

/** A file's octets through memory, piece by piece: for TLS, and for files that are not real. */
final class FileChunks implements ChunkedInput<ByteBuf> {
  /** Four records of TLS. */
  private static final int PIECE = 64 << 10;

  private final BootFile file;
  private final long end;
  private final long first;
  private long at;

  /** From {@code first} on; the file stays the caller's to close. */
  FileChunks(BootFile file, long first, long length) {
    this.file = file;
    this.first = first;
    this.at = first;
    this.end = first + length;
  }

  @Override
  public boolean isEndOfInput() {
    return at >= end;
  }

  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) throws Exception {
    ByteBuf piece = allocator.directBuffer((int) Math.min(PIECE, end - at));
    try {
      ByteBuffer into = piece.nioBuffer(0, piece.capacity());
      into.limit((int) Math.min(into.capacity(), end - at));
      int read = file.read(into, at);
      if (read == 0) {
        throw new EOFException("the file became shorter while it was sent");
      }
      at += read;
      piece.writerIndex(read);
      return piece.retain();
    } finally {
      piece.release();
    }
  }

  @Override
  @Deprecated
  public ByteBuf readChunk(ChannelHandlerContext ctx) throws Exception {
    ByteBufAllocator allocator = ctx.alloc();
    return readChunk(allocator);
  }

  @Override
  public long length() {
    return end - first;
  }

  @Override
  public long progress() {
    return at - first;
  }

  @Override
  public void close() {}
}
