package org.krgboot.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.ExportsException;
import org.krgboot.nfs.ExportsFile;
import org.krgboot.nfs.HostNames;

/**
 * All that is exported: by an exports file, by tables of the configuration, and the node root.
 *
 * @param file in the syntax of exports(5), if there is one
 * @param tables what the configuration itself exports
 * @param nodeRoot exported too, unless there is an entry for its path
 */
record ExportsSource(Optional<Path> file, ExportsFile tables, Export nodeRoot, HostNames names) {
  /**
   * Reads the file as it is now.
   *
   * @throws ExportsException if it is wrong; with all that is wrong in it
   * @throws IOException if it cannot be read, or exports what a table exports; the message names it
   */
  ExportsFile read() throws ExportsException, IOException {
    ExportsFile written = file.isEmpty() ? new ExportsFile(List.of(), List.of()) : parsed();
    List<Export> all = new ArrayList<>(written.exports());
    for (Export export : tables.exports()) {
      if (all.stream().anyMatch(other -> other.path().equals(export.path()))) {
        throw new IOException(
            export.path() + " is exported by that file and by an [[export]]; leave one out");
      }
      all.add(export);
    }
    if (all.stream().noneMatch(export -> export.path().equals(nodeRoot.path()))) {
      all.addFirst(nodeRoot);
    }
    List<ExportsFile.Note> notes = new ArrayList<>(written.notes());
    notes.addAll(tables.notes());
    return new ExportsFile(all, notes);
  }

  private ExportsFile parsed() throws ExportsException, IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file.orElseThrow());
    } catch (IOException e) {
      throw new IOException("the exports file cannot be read: " + e, e);
    }
    return ExportsFile.parse(file.get().toString(), content, names);
  }
}
