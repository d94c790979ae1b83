package org.krgboot.dhcp;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.krgboot.model.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests that are decided again when their address has answered a ping, or has not. */
final class ProbedRequests {
  private static final Logger LOG = LoggerFactory.getLogger(ProbedRequests.class);

  /** A request, as it came. */
  record Waiting(DhcpRequest request, Channel heardBy, int sourcePort) {}

  private final Supplier<World> world;
  private final EventLoopGroup loop;
  private final InstantSource clock;
  private final Counters counters;
  private final Consumer<Waiting> again;

  /** By the address; no more than {@link AddressProbes} lets be probed at once. */
  private final Map<Ipv4, Waiting> waiting = new HashMap<>();

  private Optional<Pinger> pinger = Optional.empty();

  /**
   * @param world the one of the moment
   * @param again decides a request once more, on the loop
   */
  ProbedRequests(
      Supplier<World> world, GroupCommit commits, InstantSource clock, Consumer<Waiting> again) {
    this.world = world;
    this.loop = commits.loop();
    this.counters = commits.counters();
    this.clock = clock;
    this.again = again;
  }

  /** Begins to ask, where it is to be done and is not yet. */
  void start(Policy.Probing how) {
    if (how == Policy.Probing.PING && pinger.isEmpty()) {
      pinger = Pinger.start(address -> loop.execute(() -> answered(address)));
    }
  }

  /** On the loop; a node that has sent its request once more is answered to the newer one. */
  void await(Ipv4 address, Waiting one) {
    if (waiting.put(address, one) != null) {
      return;
    }
    if (pinger.isPresent() && pinger.get().ask(address)) {
      counters.probed();
      var _ =
          loop.schedule(
              () -> unanswered(address), AddressProbes.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      unanswered(address); // where no way leads nobody can be heard
    }
  }

  private void unanswered(Ipv4 address) {
    Waiting one = waiting.remove(address);
    if (one != null) {
      pinger.ifPresent(asked -> asked.forget(address));
      world.get().unanswered(address, clock.instant());
      decideAgain(one);
    }
  }

  private void answered(Ipv4 address) {
    Waiting one = waiting.remove(address);
    if (one != null) {
      counters.probeAnswered();
      world.get().answered(address, clock.instant());
      LOG.warn(
          "{} answers a ping though no node has it, so nobody gets it for {} minutes; find that"
              + " machine and give it another address{}",
          address,
          AddressChoice.PROBATION.toMinutes(),
          world.get().probes().areUseless(clock.instant())
              ? ". Too many do: addresses are offered without a ping for as long, since something"
                  + " seems to answer in the place of all"
              : "");
      decideAgain(one);
    }
  }

  /** A defect costs the one request. */
  private void decideAgain(Waiting one) {
    try {
      again.accept(one);
    } catch (RuntimeException e) {
      LOG.error("a defect while answering a DHCP request; the request is dropped", e);
    }
  }

  /** Hears nobody any more. Any thread. */
  void stop() {
    pinger.ifPresent(Pinger::close);
  }
}
