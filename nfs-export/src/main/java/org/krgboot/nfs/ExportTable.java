package org.krgboot.nfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The exports in service. */
final class ExportTable implements AutoCloseable {
  private final List<OpenExport> exports;
  private final Map<Integer, OpenExport> byId;

  private ExportTable(List<OpenExport> exports, Map<Integer, OpenExport> byId) {
    this.exports = List.copyOf(exports);
    this.byId = Map.copyOf(byId);
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
    return exports;
  }

  @Nullable OpenExport byId(int id) {
    return byId.get(id);
  }

  @Override
  public void close() throws IOException {
    closeAll(exports);
  }

  private static void closeAll(List<OpenExport> exports) throws IOException {
    for (OpenExport export : exports) {
      export.close();
    }
  }
}
