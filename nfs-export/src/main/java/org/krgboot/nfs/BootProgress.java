package org.krgboot.nfs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;

/** Tells how far nodes get, each step once. What is remembered of strangers is bounded. */
final class BootProgress {
  private static final int REMEMBERED = 16 << 10;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Refusals told in one minute; more are only counted. A stranger can invent any number. */
  static final int REFUSALS_PER_MINUTE = 100;

  private final BootEvent.Sink events;
  private final InstantSource clock;
  private final Set<Ipv4> haveRead = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private Instant minuteBegan = Instant.EPOCH;
  private int toldThisMinute;

  BootProgress(BootEvent.Sink events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  void mounted(Peer peer, String path) {
    haveRead.remove(peer.address());
    refused.removeIf(known -> known.startsWith(peer.address() + " "));
    tell(new BootEvent.RootMounted(clock.instant(), peer.address(), path));
  }

  /** Somebody could not mount; told once until it can. */
  void mountRefused(Peer peer, String path, BootEvent.Refusal why, String reason) {
    if (isNews(peer, path + " " + reason)) {
      tell(new BootEvent.MountRefused(clock.instant(), peer.address(), path, why, reason));
    }
  }

  void versionRefused(Peer peer, int version) {
    String reason =
        "asked for NFS version "
            + Integer.toUnsignedString(version)
            + ", and version 3 is served: add v3,tcp to nfsroot=";
    if (isNews(peer, "version")) {
      tell(
          new BootEvent.MountRefused(
              clock.instant(), peer.address(), "", BootEvent.Refusal.NFS_VERSION, reason));
    }
  }

  /** A refusal for which there is no room this minute is told when it is asked for again. */
  private synchronized boolean isNews(Peer peer, String what) {
    String key = peer.address() + " " + what;
    if (refused.contains(key) || !hasRoom()) {
      return false;
    }
    if (refused.size() >= REMEMBERED) {
      refused.clear();
    }
    return refused.add(key);
  }

  private boolean hasRoom() {
    Instant now = clock.instant();
    if (Duration.between(minuteBegan, now).abs().compareTo(MINUTE) >= 0) {
      minuteBegan = now;
      toldThisMinute = 0;
    }
    return toldThisMinute++ < REFUSALS_PER_MINUTE;
  }

  void read(Peer peer) {
    if (haveRead.contains(peer.address())) {
      return;
    }
    if (haveRead.size() >= REMEMBERED) {
      haveRead.clear();
    }
    if (haveRead.add(peer.address())) {
      tell(new BootEvent.RootFirstRead(clock.instant(), peer.address()));
    }
  }

  /** As root, since nobody here knows what the listener opens. */
  private void tell(BootEvent event) {
    Identity.leave();
    events.accept(event);
  }
}
