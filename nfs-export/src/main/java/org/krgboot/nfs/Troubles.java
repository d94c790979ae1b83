package org.krgboot.nfs;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the server's own disks, told to its operator at most once a minute for each
 * kind: a full disk refuses thousands of calls a second.
 */
final class Troubles {
  private static final Logger log = LoggerFactory.getLogger(Troubles.class);

  private static final Map<NfsStatus, String> REMEDIES =
      Map.of(
          NfsStatus.NOSPC, "a file system that is exported is full; make room on it",
          NfsStatus.DQUOT, "a quota on an exported file system is used up; raise it or make room",
          NfsStatus.ROFS, "an export that may be written is on a read-only file system; remount it",
          NfsStatus.IO, "a disk under an export fails; see the kernel's log");

  private final Map<NfsStatus, Throttle> throttles = new EnumMap<>(NfsStatus.class);

  Troubles() {
    REMEDIES.keySet().forEach(status -> throttles.put(status, new Throttle()));
  }

  /** Notes an answer, whatever it is. */
  void answered(int statusCode, NfsCall call, Peer peer) {
    if (statusCode != NfsStatus.OK.code()) {
      REMEDIES.forEach((status, remedy) -> {
        if (status.code() == statusCode) {
          tell(status, remedy, call, peer);
        }
      });
    }
  }

  private void tell(NfsStatus status, String remedy, NfsCall call, Peer peer) {
    Throttle throttle = throttles.get(status);
    if (throttle != null) {
      String name = call.getClass().getSimpleName().toUpperCase(Locale.ROOT);
      throttle.run(() -> log.warn("{}: {} of {} gets {}", remedy, name, peer.address(), status));
    }
  }
}
