package org.krgboot.nfs;

import java.io.IOException;
import java.util.List;

/** The exports in service now. */
final class Exports implements AutoCloseable {
  private final HandleCodec codec;
  private volatile ExportTable table = ExportTable.EMPTY;
  private boolean closed;

  Exports(HandleCodec codec) {
    this.codec = codec;
  }

  /** What is exported at this moment; a call looks once. */
  ExportTable now() {
    return table;
  }

  /** Exports these and nothing else, or leaves all as it is and says why. */
  synchronized void replace(List<Export> exports) throws IOException {
    if (closed) {
      throw new IOException("the NFS server is stopped");
    }
    ExportTable before = table;
    table = ExportTable.open(exports, codec, before);
    before.release();
  }

  @Override
  public synchronized void close() {
    closed = true;
    table.release();
    table = ExportTable.EMPTY;
  }
}
