package org.krgboot.tftp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.krgboot.tftp.TftpPacket.ReadRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts transfers as {@link Admission} says. Runs on the request socket's loop. */
final class Door implements TransferHandler.Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  /** How often it is looked who may start, while somebody waits. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /** How long a client that has not answered at all keeps its place when there is none left. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Services services;
  private final Transport transport;
  private final Loop loop;
  private final Admission admission;
  private final Alarms.Alarm again = new Alarms.Alarm(this::look);
  private Instant measuredAt = Services.now();
  private long measured;
  private long octetsPerSecond;

  Door(Services services, Transport transport, Loop loop) {
    this.services = services;
    this.transport = transport;
    this.loop = loop;
    this.admission = new Admission(services.config().maxTransfers());
  }

  /** Keeps the request, and starts it if it may. */
  void arrived(ReadRequest request, InetSocketAddress client, InetAddress asked) {
    Admission.Verdict verdict = admission.arrived(request, client, asked, Services.now());
    if (verdict == Admission.Verdict.WAITS || !again.isSet()) {
      look(); // a flood that changes nothing waits for the alarm
    }
    switch (verdict) {
      case WAITS -> {
        if (admission.holds(client)) {
          services.counters().waited.increment();
        }
      }
      case REPEATED -> services.counters().repeatedRequests.increment();
      case FULL ->
          services.busy(client, request.file(), "too many transfers at once; it has to wait");
    }
  }

  @Override
  public void settled(InetSocketAddress client) {
    try {
      loop.execute(() -> {
        admission.settled(client);
        look();
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("tftp: {} ends with the server", client);
    }
  }

  @Override
  public void crowdedOut() {
    try {
      loop.execute(() -> makeRoom(Services.now()));
    } catch (RejectedExecutionException e) {
      LOG.debug("tftp: no room is made, the server ends");
    }
  }

  private void look() {
    if (admission.isEmpty()) {
      return;
    }
    Instant now = Services.now();
    measure(now);
    if (services.active().size() >= services.config().maxTransfers()
        && admission.hasWaited(PATIENCE, now)) {
      makeRoom(now);
    }
    for (Admission.Waiting one : admission.next(now, services.active(), octetsPerSecond)) {
      start(one);
    }
    if (!admission.isEmpty() && !again.isSet()) {
      loop.ringAt(again, System.nanoTime() + LOOK_EVERY.toNanos());
    }
  }

  private void measure(Instant now) {
    Duration since = Duration.between(measuredAt, now);
    if (since.compareTo(LOOK_EVERY) >= 0) {
      long octets = services.counters().onTheWire.sum();
      octetsPerSecond = (octets - measured) * 1000 / since.toMillis();
      measured = octets;
      measuredAt = now;
    }
  }

  private void start(Admission.Waiting one) {
    TransferHandler transfer =
        new TransferHandler(services, transport.nextLoop(), one.request(), one.client(), this);
    services.active().add(transfer);
    transfer.begin(transport, one.asked());
  }

  /** The client has gone on to another file from the same port, has started anew, or is gone. */
  void end(TransferHandler transfer) {
    transfer.supersede();
    services.active().remove(transfer);
  }

  /**
   * Ends a transfer whose client has never answered, so that requests from made-up addresses cannot
   * keep nodes out: they would hold their places for half a minute each.
   */
  private void makeRoom(Instant now) {
    Instant limit = now.minus(PATIENCE);
    Optional<TransferHandler> silent =
        services.active().all().stream().filter(one -> one.isSilentSince(limit)).findFirst();
    silent.ifPresent(one -> {
      services.counters().givenUp.increment();
      end(one);
    });
  }
}
