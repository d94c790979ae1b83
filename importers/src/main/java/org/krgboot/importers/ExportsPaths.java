package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code /etc/exports} stays where it is and as it is: {@code nfs.exports-file} names it. The
 * daemon reads its whole syntax and tells what is wrong with it; here only its paths are looked at.
 */
final class ExportsPaths {
  private ExportsPaths() {}

  static void read(String file, String text, Draft draft) {
    List<Lines.Line> entries = new ArrayList<>();
    boolean continued = false;
    for (Lines.Line line : Lines.of(file, text)) {
      String content = line.text().strip();
      boolean begins = !continued && !content.isEmpty() && !content.startsWith("#");
      if (begins) {
        entries.add(line);
      }
      continued = content.endsWith("\\") && (begins || continued);
    }
    for (Lines.Line entry : entries) {
      String content = entry.text().strip();
      if (content.startsWith("/") || content.startsWith("\"/")) {
        draft.report().used(entry.place(), "it is served as the file says");
      } else {
        draft.report().error(entry.place(), "an export begins with its path, from '/' on");
      }
    }
    if (!entries.isEmpty()) {
      draft.set("nfs.exports-file", file, entries.getFirst().place());
    }
  }
}
