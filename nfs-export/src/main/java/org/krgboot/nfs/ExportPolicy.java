package org.krgboot.nfs;

import java.util.Optional;

/** Whether a client may use an export. */
final class ExportPolicy {
  private ExportPolicy() {}

  /** Empty if the client may; else why not, and what to do, for the operator. */
  static Optional<String> refusal(Export export, Peer peer) {
    if (!export.isFor(peer.address())) {
      return Optional.of(
          export.path()
              + " is exported to "
              + export.clients()
              + " only; add "
              + peer.address()
              + " to the export if this node should have it");
    }
    if (export.ports() == Export.SourcePorts.RESERVED_ONLY && !peer.isOnReservedPort()) {
      return Optional.of(
          export.path()
              + " takes calls from ports below 1024 only and this came from port "
              + peer.port()
              + "; set the export to 'insecure' if the client cannot do that");
    }
    return Optional.empty();
  }

  /** As {@link #refusal}, without words. */
  static boolean permits(Export export, Peer peer) {
    return export.isFor(peer.address())
        && (export.ports() == Export.SourcePorts.ANY || peer.isOnReservedPort());
  }
}
