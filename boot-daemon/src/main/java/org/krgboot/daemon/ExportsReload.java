package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.ExportsException;
import org.krgboot.nfs.ExportsFile;
import org.krgboot.settings.ExportsSource;
import org.krgboot.settings.SettingKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the exports again while they are in use: the new table holds whole, or the old one. */
final class ExportsReload {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** Takes a whole new table, or none of it. */
  @FunctionalInterface
  interface Target {
    void replaceExports(List<Export> exports) throws IOException;
  }

  private final ExportsSource source;
  private final Target target;
  private List<Export> now;

  /**
   * Serves from that source.
   *
   * @param now what is exported from the start
   */
  ExportsReload(ExportsSource source, List<Export> now, Target target) {
    this.source = source;
    this.now = List.copyOf(now);
    this.target = target;
  }

  /**
   * Reads the file and exports what it says now.
   *
   * @return what changed, in one line
   * @throws IOException if the old table stays; the message says why, one line a problem
   */
  synchronized String run() throws IOException {
    try {
      if (!source.canChange()) {
        throw new IOException("there is no exports file; name one as " + key() + " and restart");
      }
      ExportsFile next = source.read();
      target.replaceExports(next.exports());
      String changes = changes(now, next.exports());
      now = next.exports();
      log.info("exports: {}", changes);
      next.notes().forEach(note -> log.warn("{}", note));
      return changes;
    } catch (ExportsException | IOException e) {
      String why = String.valueOf(e.getMessage());
      log.warn("exports are as before: {}", why.replace("\n", "; "));
      throw new IOException(why, e);
    }
  }

  private static String key() {
    return SettingKey.NFS_EXPORTS_FILE.text();
  }

  /** What differs, by path. */
  static String changes(List<Export> before, List<Export> after) {
    Map<Path, Export> old = byPath(before);
    Map<Path, Export> fresh = byPath(after);
    List<String> changes = new ArrayList<>();
    fresh.forEach((path, export) -> {
      if (!old.containsKey(path)) {
        changes.add("added " + path);
      } else if (!export.equals(old.get(path))) {
        changes.add("changed " + path);
      }
    });
    old.keySet().stream()
        .filter(path -> !fresh.containsKey(path))
        .forEach(path -> changes.add("removed " + path));
    return changes.isEmpty() ? "nothing changed" : String.join(", ", changes);
  }

  private static Map<Path, Export> byPath(List<Export> exports) {
    Map<Path, Export> all = new LinkedHashMap<>();
    exports.forEach(export -> all.put(export.path(), export));
    return all;
  }
}
