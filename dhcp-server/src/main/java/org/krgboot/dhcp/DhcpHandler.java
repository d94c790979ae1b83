package org.krgboot.dhcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what {@link DhcpEngine} decides. All of it runs on one loop, whichever channel it hears. */
@ChannelHandler.Sharable
final class DhcpHandler extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = LoggerFactory.getLogger(DhcpHandler.class);
  private static final Duration LOG_PERIOD = Duration.ofMinutes(1);
  private static final int STANDARD_SERVER_PORT = 67;
  private static final int STANDARD_CLIENT_PORT = 68;

  private World world;
  private final GroupCommit commits;
  private final BootEvent.Sink events;
  private final InstantSource clock;
  private final Counters counters;
  private final Neighbours neighbours;
  private final Outbox outbox = new Outbox();
  private final ReplyPacer pacer;
  private final Moderation moderation = new Moderation();
  private final EventThrottle throttle = new EventThrottle();
  private final ForeignServers foreign;
  private final ProbedRequests probed;
  private final Map<Ipv4, Binding> onDisk = new ConcurrentHashMap<>();

  /** What waits for the disk and is answered then; no more of them than the commits hold. */
  private final Map<MacAddress, DhcpRequest> beingWritten = new HashMap<>();

  /** Datagrams since the last pause. */
  private int read;

  private Instant lastSendError = Instant.MIN;

  DhcpHandler(
      World world,
      Collection<Binding> saved,
      GroupCommit commits,
      BootEvent.Sink events,
      InstantSource clock) {
    this.world = world;
    this.counters = commits.counters();
    this.pacer = new ReplyPacer(commits.loop(), outbox::flush);
    this.neighbours = new Neighbours(counters);
    this.foreign = new ForeignServers(counters);
    this.commits = commits;
    this.events = events;
    this.clock = clock;
    this.probed =
        new ProbedRequests(
            () -> this.world,
            commits,
            clock,
            one -> {
              answer(one.request(), one.heardBy(), one.sourcePort());
              outbox.flush();
            });
    Policy.Key key = world.config().policy().key();
    saved.forEach(binding -> onDisk.put(binding.address(), binding.knownBy(key)));
  }

  /** Durable leases only. Any thread. */
  List<Lease> leases() {
    return onDisk.values().stream().map(Binding::lease).toList();
  }

  Counters counters() {
    return counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
    counters.received();
    read++;
    switch (DhcpCodec.decode(packet.content())) {
      case Decoded.Refused(Decoded.Why why) -> counters.refused(why);
      case DhcpRequest request -> answer(request, context.channel(), packet.sender().getPort());
    }
  }

  private void answer(DhcpRequest request, Channel heardBy, int sourcePort) {
    DhcpRequest waiting = beingWritten.get(request.mac());
    if (waiting != null && request.repeats(waiting)) {
      counters.repeated();
      return;
    }
    Instant now = clock.instant();
    world.tick(now);
    DhcpChannels.Place place = heardBy.attr(DhcpChannels.PLACE).get();
    Arrival arrival = new Arrival(place.link().address(), place.cast(), sourcePort);
    Answer answer = DhcpEngine.decide(request, arrival, world, now);
    if (answer.isLeftForAnother()) {
      request.chosenServer().ifPresent(server -> foreign.chosen(server, request.mac(), now));
    }
    if (answer.outcome() instanceof Answer.Probe(Ipv4 address)) {
      answer.changes().forEach(world::apply);
      probed.await(address, new ProbedRequests.Waiting(request, heardBy, sourcePort));
      return;
    }
    carryOut(answer, request, heardBy);
  }

  private void carryOut(Answer answer, DhcpRequest request, Channel heardBy) {
    List<Change.Durable> durable =
        answer.changes().stream()
            .filter(Change.Durable.class::isInstance)
            .map(Change.Durable.class::cast)
            .toList();
    if (durable.isEmpty()) {
      answer.changes().forEach(world::apply);
      finish(answer, heardBy);
      return;
    }
    var pending =
        new GroupCommit.Pending(
            durable,
            () -> {
              beingWritten.remove(request.mac(), request);
              durable.forEach(this::saved);
              finish(answer, heardBy);
            },
            () -> {
              beingWritten.remove(request.mac(), request);
              counters.storeFailed();
              renewReadOnly(answer, heardBy);
            });
    if (commits.offer(pending)) {
      beingWritten.put(request.mac(), request);
      answer.changes().forEach(world::apply);
    } else {
      counters.storeBusy();
      renewReadOnly(answer, heardBy);
    }
  }

  private void renewReadOnly(Answer answer, Channel heardBy) {
    answer
        .granted()
        .map(onDisk::get)
        .flatMap(binding -> ReadOnlyRenewal.of(answer, binding, clock.instant()))
        .ifPresent(shorter -> {
          counters.renewedReadOnly();
          finish(shorter, heardBy);
        });
  }

  private void saved(Change.Durable change) {
    switch (change) {
      case Change.Bind(Binding binding) -> {
        world.saved(binding);
        onDisk.put(binding.address(), binding);
      }
      case Change.Unbind(Ipv4 address) -> onDisk.remove(address);
    }
  }

  private void finish(Answer answer, Channel heardBy) {
    switch (answer.outcome()) {
      case Answer.Reply(DhcpReply reply, Destination to) -> send(reply, to, heardBy);
      case Answer.Silence(Answer.Why why) -> counters.ignored(why);
      case Answer.Probe _ -> throw new IllegalArgumentException("not decided yet: " + answer);
    }
    answer.events().forEach(this::tell);
  }

  private void tell(BootEvent.OfNode event) {
    if (throttle.lets(event)) {
      events.accept(event);
    } else {
      counters.eventSuppressed();
    }
  }

  private void send(DhcpReply reply, Destination to, Channel heardBy) {
    DhcpChannels.Place place = heardBy.attr(DhcpChannels.PLACE).get();
    Channel sender = place.sender(reply.options().address(OptionCode.SERVER_ID), heardBy);
    ByteBuf payload = sender.alloc().buffer(reply.maxPayload());
    DhcpCodec.encode(reply, payload);
    InetSocketAddress target = target(to, sender, place.link());
    outbox
        .add(sender, new DatagramPacket(payload, target))
        .ifPresentOrElse(
            sent ->
                sent.addListener(done -> {
                  if (done.isSuccess()) {
                    counters.sent(reply.type());
                  } else {
                    failedToSend(target, done.cause());
                  }
                }),
            counters::sendFailed);
  }

  /** What follows the commit of a batch, as fast as receivers can take it. */
  void follow(List<Runnable> replies) {
    replies.forEach(pacer::add);
    pacer.start();
  }

  /** Begins what the handler does besides answering. */
  void start() {
    probed.start(world.config().policy().probing());
  }

  /** On the loop: from now on it holds, for the same nodes. */
  void replaceConfig(DhcpConfig next) {
    world = world.under(next, onDisk.values());
    probed.start(next.policy().probing());
  }

  /** Hears no answers to pings any more. Any thread. */
  void stopProbes() {
    probed.stop();
  }

  /** Sends what still waits for its time, since the server stops. */
  void stop() {
    pacer.finish();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    outbox.flush();
    long pause = moderation.pauseAfter(read, System.nanoTime());
    read = 0;
    if (pause > 0) {
      LockSupport.parkNanos(pause);
    }
    context.fireChannelReadComplete();
  }

  private void failedToSend(InetSocketAddress target, Throwable cause) {
    counters.sendFailed();
    Instant now = clock.instant();
    if (lastSendError.equals(Instant.MIN)
        || Duration.between(lastSendError, now).abs().compareTo(LOG_PERIOD) >= 0) {
      lastSendError = now;
      LOG.warn("a reply to {} could not be sent: {}", target, cause.getMessage());
    }
  }

  private InetSocketAddress target(Destination to, Channel sender, DhcpListen.Link link) {
    int serverPort = ((InetSocketAddress) sender.localAddress()).getPort();
    int clientPort = serverPort == STANDARD_SERVER_PORT ? STANDARD_CLIENT_PORT : serverPort + 1;
    return switch (to) {
      case Destination.ToRelay(Ipv4 relay, OptionalInt own) -> at(relay, own.orElse(serverPort));
      case Destination.ToNode(Ipv4 node) -> at(node, clientPort);
      case Destination.ToNewcomer(Ipv4 node, MacAddress mac) ->
          at(neighbours.introduce(link, node, mac) ? node : Ipv4.BROADCAST, clientPort);
      case Destination.ToAll() -> at(Ipv4.BROADCAST, clientPort);
    };
  }

  private static InetSocketAddress at(Ipv4 address, int port) {
    return new InetSocketAddress(address.toInetAddress(), port);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.error("a defect while answering a DHCP request; the request is dropped", cause);
  }
}
