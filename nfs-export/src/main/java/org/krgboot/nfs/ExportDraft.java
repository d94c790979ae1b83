package org.krgboot.nfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has been read about one path, from one entry or several. */
final class ExportDraft {
  /** One client with its options, and where it is written. */
  record Part(Clients clients, ExportOptions options, int line) {
    /** Whether it names a host that has no address now. */
    boolean isUnresolved() {
      return clients instanceof Clients.Host host
          && host.addresses().isEmpty()
          && host.name().indexOf(':') < 0; // an IPv6 one never has
    }
  }

  private final Path path;
  private final int line;
  private final List<Part> parts = new ArrayList<>();

  ExportDraft(Path path, int line) {
    this.path = path;
    this.line = line;
  }

  void add(Clients clients, ExportOptions options, int at) {
    parts.add(new Part(clients, options, at));
  }

  Path path() {
    return path;
  }

  int line() {
    return line;
  }

  /** In the order of the file. */
  List<Part> parts() {
    return parts;
  }

  /** The parts that give an fsid. */
  List<Part> withFsid() {
    return parts.stream().filter(part -> part.options().fsid().isPresent()).toList();
  }

  /** The export; of clients that are named twice the first part holds. */
  Export finished() {
    Optional<Integer> fsid =
        parts.stream().flatMap(part -> part.options().fsid().stream()).findFirst();
    Optional<Path> mountPoint =
        parts.stream()
            .flatMap(part -> part.options().mountPoint().stream())
            .findFirst()
            .map(point -> point.isEmpty() ? path : Path.of(point));
    List<Export.Rule> rules =
        parts.stream()
            .map(part -> new Export.Rule(part.clients(), part.options().terms()))
            .toList();
    return new Export(path, fsid, mountPoint, rules);
  }
}
