package org.krgboot.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.RootVersion;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.ExportsException;
import org.krgboot.nfs.ExportsFile;
import org.krgboot.nfs.HostNames;
import org.krgboot.nfs.Terms;

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
    return new ExportsFile(withVersions(all), notes);
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

  /**
   * If the node root is published from a store, all versions in it: nodes mount them by their
   * number, and stay with theirs while another is published. What never changes is read-only.
   */
  private List<Export> withVersions(List<Export> exports) {
    Export own =
        exports.stream()
            .filter(export -> export.path().equals(nodeRoot.path()))
            .findFirst()
            .orElse(nodeRoot);
    Optional<Path> store = RootVersion.behind(nodeRoot.path()).map(RootVersion::store);
    List<Export> all = new ArrayList<>(exports);
    for (RootVersion.Kind kind :
        store.isEmpty() ? new RootVersion.Kind[0] : RootVersion.Kind.values()) {
      Path path = kind.in(store.get());
      if (all.stream().noneMatch(export -> export.path().equals(path))) {
        all.add(
            switch (kind) {
              case SEALED -> ofVersions(path, own, Optional.of(Terms.Access.READ_ONLY));
              case LIVE -> ofVersions(path, own, Optional.empty());
            });
      }
    }
    return all;
  }

  private static Export ofVersions(Path path, Export own, Optional<Terms.Access> access) {
    List<Export.Rule> rules =
        own.rules().stream()
            .map(rule ->
                access
                    .map(only -> new Export.Rule(rule.clients(), rule.terms().with(only)))
                    .orElse(rule))
            .toList();
    return new Export(path, Optional.empty(), Optional.empty(), rules);
  }
}
