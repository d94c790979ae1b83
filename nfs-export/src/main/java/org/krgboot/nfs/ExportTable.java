package org.krgboot.nfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The exports in service at one time. Never changes; {@link Exports} replaces it whole. */
final class ExportTable {
  static final ExportTable EMPTY = new ExportTable(List.of());

  /** An export with its directory. */
  record Entry(OpenExport directory, Export export) {}

  private final List<Entry> entries;
  private final Map<Integer, Entry> byId = new HashMap<>();

  private ExportTable(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    entries.forEach(entry -> byId.put(entry.directory().id(), entry));
  }

  /**
   * Opens all exports, or none and says why.
   *
   * @param before whose directories are kept where they are still the same
   */
  static ExportTable open(List<Export> exports, HandleCodec codec, ExportTable before)
      throws IOException {
    List<Entry> opened = new ArrayList<>();
    Map<Integer, Export> byId = new HashMap<>();
    try {
      for (Export export : exports) {
        OpenExport fresh = OpenExport.open(export, codec);
        opened.add(new Entry(before.sameAs(fresh), export));
        Export other = byId.put(fresh.id(), export);
        if (other != null) {
          throw sameId(other, export);
        }
      }
    } catch (IOException e) {
      opened.forEach(entry -> entry.directory().release());
      throw e;
    }
    return new ExportTable(opened);
  }

  private static IOException sameId(Export one, Export other) {
    return new IOException(
        one.path().equals(other.path())
            ? one.path() + " is exported twice; leave one out"
            : "the exports "
                + one.path()
                + " and "
                + other.path()
                + " have the same id; give one of them another with fsid=");
  }

  /** What serves that directory already, held once more; else the fresh one. */
  private OpenExport sameAs(OpenExport fresh) {
    Entry mine = byId.get(fresh.id());
    if (mine == null || !mine.directory().isSameAs(fresh)) {
      return fresh;
    }
    fresh.release();
    mine.directory().retain();
    return mine.directory();
  }

  /**
   * The same with one directory opened anew; holds all the others once more.
   *
   * @throws IOException if it cannot be served; the message says why and what to do
   */
  ExportTable reopen(Entry gone, HandleCodec codec) throws IOException {
    Entry fresh = new Entry(OpenExport.open(gone.export(), codec), gone.export());
    List<Entry> all = new ArrayList<>(entries);
    all.replaceAll(entry -> entry.equals(gone) ? fresh : entry);
    entries.stream().filter(all::contains).forEach(entry -> entry.directory().retain());
    return new ExportTable(all);
  }

  List<Entry> all() {
    return entries;
  }

  @Nullable Entry byId(int id) {
    return byId.get(id);
  }

  /** Lets go of all directories. */
  void release() {
    entries.forEach(entry -> entry.directory().release());
  }
}
