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
 * Where the exports come from, so that they can be read again.
 *
 * @param file in the syntax of exports(5), if there is one
 * @param nodeRoot exported too, unless the file has an entry for its path
 */
public record ExportsSource(Optional<Path> file, Export nodeRoot, HostNames names) {
  /**
   * Reads the file as it is now.
   *
   * @throws ExportsException if it is wrong; with all that is wrong in it
   * @throws IOException if it cannot be read; the message names it
   */
  public ExportsFile read() throws ExportsException, IOException {
    if (file.isEmpty()) {
      return new ExportsFile(List.of(nodeRoot), List.of());
    }
    byte[] content;
    try {
      content = Files.readAllBytes(file.get());
    } catch (IOException e) {
      throw new IOException("the exports file cannot be read: " + e, e);
    }
    ExportsFile written = ExportsFile.parse(file.get().toString(), content, names);
    List<Export> all = new ArrayList<>(written.exports());
    if (all.stream().noneMatch(export -> export.path().equals(nodeRoot.path()))) {
      all.addFirst(nodeRoot);
    }
    return new ExportsFile(all, written.notes());
  }
}
