package org.krgboot.nfs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Map<Ipv4, Watch> watched = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private Instant minuteBegan = Instant.EPOCH;
  private int toldThisMinute;

  BootProgress(BootEvent.Sink events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /** What a node starts next. */
  private enum Next {
    INIT,
    LOGIN,
    NOTHING
  }

  /** The root of a node, and what it is to read of it. */
  private record Watch(String path, WireHandle root, RootSigns signs, Next next) {
    Watch then(Next later) {
      return new Watch(path, root, signs, later);
    }

    String init() {
      return signs.init().map(RootSigns.Sign::path).orElse("");
    }

    String login() {
      return signs.logins().isEmpty() ? "" : signs.logins().getFirst().path();
    }

    /** Where init is looked for first: /sbin/init, and where that commonly leads to. */
    boolean isWayToInit(WireHandle directory, byte[] name) {
      return WAY_TO_INIT.stream().anyMatch(word -> Arrays.equals(word, name))
          || (Arrays.equals(SBIN, name) && directory.equals(root));
    }
  }

  private static final byte[] SBIN = {'s', 'b', 'i', 'n'};
  private static final List<byte[]> WAY_TO_INIT =
      List.of(new byte[] {'i', 'n', 'i', 't'}, new byte[] {'s', 'y', 's', 't', 'e', 'm', 'd'});

  void mounted(Peer peer, String path, WireHandle root, RootSigns signs) {
    haveRead.remove(peer.address());
    watch(peer.address(), new Watch(path, root, signs, Next.INIT));
    refused.removeIf(known -> known.startsWith(peer.address() + " "));
    tell(new BootEvent.RootMounted(clock.instant(), peer.address(), path));
  }

  /** What a node mounts beside its root, such as homes, has no init. */
  private void watch(Ipv4 node, Watch watch) {
    if (watched.size() >= REMEMBERED) {
      watched.clear();
    }
    watched.merge(
        node,
        watch,
        (known, fresh) ->
            fresh.signs().init().isPresent() || known.path().equals(fresh.path()) ? fresh : known);
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

  /** On the way of every READ: costs two looks into tables. */
  void read(Peer peer, WireHandle file) {
    Watch watch = watched.get(peer.address());
    if (!haveRead.contains(peer.address())) {
      firstRead(peer, watch == null ? "" : watch.init());
    }
    if (watch != null && watch.next() != Next.NOTHING) {
      look(peer, watch, file);
    }
  }

  private void firstRead(Peer peer, String init) {
    if (haveRead.size() >= REMEMBERED) {
      haveRead.clear();
    }
    if (haveRead.add(peer.address())) {
      tell(new BootEvent.RootFirstRead(clock.instant(), peer.address(), init));
    }
  }

  private void look(Peer peer, Watch watch, WireHandle file) {
    Optional<RootSigns.Sign> login = watch.signs().loginOf(file);
    if (login.isPresent() && step(peer, watch, Next.NOTHING)) {
      tell(new BootEvent.LoginStarted(clock.instant(), peer.address(), login.get().path()));
    } else if (watch.next() == Next.INIT
        && watch.signs().isInit(file)
        && step(peer, watch, watch.signs().logins().isEmpty() ? Next.NOTHING : Next.LOGIN)) {
      tell(new BootEvent.InitRead(clock.instant(), peer.address(), watch.init(), watch.login()));
    }
  }

  /** A name that the node looked for is not there. */
  void notThere(Peer peer, WireHandle directory, byte[] name) {
    Watch watch = watched.get(peer.address());
    if (watch != null
        && watch.next() == Next.INIT
        && watch.signs().init().isEmpty()
        && watch.isWayToInit(directory, name)
        && step(peer, watch, Next.NOTHING)) {
      tell(new BootEvent.InitNotFound(clock.instant(), peer.address(), watch.path()));
    }
  }

  /** True for one of those who see the same step at the same time. */
  private boolean step(Peer peer, Watch from, Next to) {
    return watched.replace(peer.address(), from, from.then(to));
  }

  /** As root, since nobody here knows what the listener opens. */
  private void tell(BootEvent event) {
    Identity.leave();
    events.accept(event);
  }
}
