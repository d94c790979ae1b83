package org.krgboot.nfs;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a client may use an export, and on which terms. */
final class ExportPolicy {
  private ExportPolicy() {}

  /** Empty if the client may; else why not, and what to do, for the operator. */
  static Optional<String> refusal(Export export, Peer peer) {
    Terms terms = export.termsFor(peer.address());
    if (terms == null) {
      return Optional.of(
          export.path()
              + " is exported to "
              + export.rules().stream().map(Export.Rule::clients).toList()
              + " only; add "
              + peer.address()
              + " to the export if this node should have it");
    }
    if (!takesPort(terms, peer)) {
      return Optional.of(
          export.path()
              + " takes calls from ports below 1024 only and this came from port "
              + peer.port()
              + "; set the export to 'insecure' if the client cannot do that");
    }
    return Optional.empty();
  }

  /** The terms on which this call is served; null if it is not. */
  static @Nullable Terms terms(Export export, Peer peer) {
    Terms terms = export.termsFor(peer.address());
    return terms != null && takesPort(terms, peer) ? terms : null;
  }

  private static boolean takesPort(Terms terms, Peer peer) {
    return switch (terms.ports()) {
      case ANY -> true;
      case RESERVED_ONLY -> peer.isOnReservedPort();
    };
  }
}
