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
      return new ExportsFile(withVersions(List.of(nodeRoot)), List.of());
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
    return new ExportsFile(withVersions(all), written.notes());
  }

  /** Whether reading again can change anything. */
  public boolean canChange() {
    return file.isPresent() || Files.isSymbolicLink(nodeRoot.path());
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
