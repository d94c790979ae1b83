package org.krgboot.nfs;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

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

  /**
   * The same export, its directory opened anew if it was deleted and made again.
   *
   * @throws IOException if the directory is gone; the message says so
   */
  ExportTable.Entry alive(ExportTable.Entry entry) throws IOException {
    OpenExport directory = entry.directory();
    if (!directory.retain()) {
      throw new IOException("the export is being withdrawn");
    }
    try {
      return directory.isGone() ? revive(directory.id()) : entry;
    } finally {
      directory.release();
    }
  }

  private synchronized ExportTable.Entry revive(int id) throws IOException {
    ExportTable before = table;
    ExportTable.Entry known = before.byId(id);
    if (known == null) {
      throw new IOException("the export is withdrawn");
    }
    if (known.directory().isGone()) { // nobody else has seen to it meanwhile
      table = before.reopen(known, codec);
      before.release();
    }
    return Objects.requireNonNull(table.byId(id));
  }

  @Override
  public synchronized void close() {
    closed = true;
    table.release();
    table = ExportTable.EMPTY;
  }
}
