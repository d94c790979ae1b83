package org.krgboot.nfs;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;

/** Tells how far nodes get, each step once. What is remembered of strangers is bounded. */
final class BootProgress {
  private static final int REMEMBERED = 16 << 10;

  private final BootEvent.Sink events;
  private final InstantSource clock;
  private final Set<Ipv4> haveRead = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  BootProgress(BootEvent.Sink events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  void mounted(Peer peer, String path) {
    haveRead.remove(peer.address());
    refused.removeIf(known -> known.startsWith(peer.address() + " "));
    events.accept(new BootEvent.RootMounted(clock.instant(), peer.address(), path));
  }

  /** Somebody could not mount; told once until it can. */
  void mountRefused(Peer peer, String path, String reason) {
    if (isNews(peer, path + " " + reason)) {
      events.accept(new BootEvent.MountRefused(clock.instant(), peer.address(), path, reason));
    }
  }

  void versionRefused(Peer peer, int version) {
    String reason =
        "asked for NFS version "
            + Integer.toUnsignedString(version)
            + ", and version 3 is served: add v3,tcp to nfsroot=";
    if (isNews(peer, "version")) {
      events.accept(new BootEvent.MountRefused(clock.instant(), peer.address(), "", reason));
    }
  }

  private boolean isNews(Peer peer, String what) {
    if (refused.size() >= REMEMBERED) {
      refused.clear();
    }
    return refused.add(peer.address() + " " + what);
  }

  void read(Peer peer) {
    if (haveRead.contains(peer.address())) {
      return;
    }
    if (haveRead.size() >= REMEMBERED) {
      haveRead.clear();
    }
    if (haveRead.add(peer.address())) {
      events.accept(new BootEvent.RootFirstRead(clock.instant(), peer.address()));
    }
  }
}
