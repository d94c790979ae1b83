package org.krgboot.nfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The exports in service. */
final class ExportTable implements AutoCloseable {
  /** What is served at one moment. */
  private record Table(List<OpenExport> exports, Map<Integer, OpenExport> byId) {}

  private volatile Table table;

  /** Directories that were deleted; open until the end, since calls may still use them. */
  private final List<OpenExport> gone = new ArrayList<>();

  private ExportTable(List<OpenExport> exports, Map<Integer, OpenExport> byId) {
    this.table = new Table(List.copyOf(exports), Map.copyOf(byId));
  }

  /** Opens all exports, or none and says why. */
  static ExportTable open(List<Export> exports, HandleCodec codec) throws IOException {
    List<OpenExport> opened = new ArrayList<>();
    Map<Integer, OpenExport> byId = new HashMap<>();
    try {
      for (Export export : exports) {
        OpenExport next = OpenExport.open(export, codec);
        opened.add(next);
        OpenExport other = byId.put(next.id(), next);
        if (other != null) {
          throw new IOException(
              "the exports "
                  + other.export().path()
                  + " and "
                  + export.path()
                  + " have the same id; leave one out or rename its directory");
        }
      }
    } catch (IOException e) {
      closeAll(opened);
      throw e;
    }
    return new ExportTable(opened, byId);
  }

  List<OpenExport> all() {
    return table.exports();
  }

  @Nullable OpenExport byId(int id) {
    return table.byId().get(id);
  }

  /**
   * The same export, opened anew if its directory was deleted and made again.
   *
   * @throws IOException if the directory is gone; the message says so
   */
  synchronized OpenExport alive(OpenExport export, HandleCodec codec) throws IOException {
    OpenExport known = table.byId().getOrDefault(export.id(), export);
    if (!known.isGone()) {
      return known;
    }
    OpenExport fresh = OpenExport.open(known.export(), codec);
    gone.add(known);
    List<OpenExport> exports = new ArrayList<>(table.exports());
    exports.replaceAll(each -> each.equals(known) ? fresh : each);
    Map<Integer, OpenExport> byId = new HashMap<>(table.byId());
    byId.put(fresh.id(), fresh);
    table = new Table(List.copyOf(exports), Map.copyOf(byId));
    return fresh;
  }

  @Override
  public synchronized void close() throws IOException {
    closeAll(table.exports());
    closeAll(gone);
  }

  private static void closeAll(List<OpenExport> exports) throws IOException {
    for (OpenExport export : exports) {
      export.close();
    }
  }
}
