package org.krgboot.tftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.UdpSockets;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.tftp.TftpPacket.ErrorCode;
import org.krgboot.tftp.TftpPacket.ReadRequest;

/** Hears requests on the well-known port and gives each a transfer on a port of its own. */
final class RequestHandler implements Loop.Socket {
  /** Then it is the turn of the transfers. */
  private static final int REQUESTS_A_TURN = 16;

  /** After so many turns, one after the other, that received nothing the socket is of no use. */
  private static final int MOST_FAILURES = 100;

  private static final int PATIENCE_SECONDS = 10;

  /**
   * A client that has answered, then was quiet for so long, and now asks for the same again has
   * lost its transfer: it was reset (GRUB takes the same ports each time), or has the file and its
   * last ACK was lost. Before that a request is the network's double of the first one.
   */
  private static final Duration QUIET = Duration.ofMillis(500);

  private final Services services;
  private final Loop loop;
  private final int descriptor;
  private final Door door;
  private final BroadcastAddresses broadcasts;
  private int place;
  private volatile int failures;

  RequestHandler(Services services, Transport transport, Loop loop, int descriptor) {
    this.services = services;
    this.loop = loop;
    this.descriptor = descriptor;
    this.door = new Door(services, transport, loop);
    this.broadcasts = new BroadcastAddresses(services.disk());
  }

  /**
   * Begins to hear; it does once this returns. For another thread than the loop's.
   *
   * @throws IOException if it cannot; the descriptor is closed then
   */
  void start() throws IOException {
    try {
      CompletableFuture.runAsync(this::begin, loop).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      FileCalls.close(descriptor);
      throw new IOException("tftp: no requests are heard: the server is being closed", e);
    } catch (ExecutionException e) {
      Throwable why = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException("tftp: no requests are heard: " + why.getMessage(), why);
    } catch (TimeoutException e) {
      throw new IOException("tftp: no requests are heard: a loop does not begin", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private void begin() {
    if (loop.isStopping()) { // it has ended its sockets, and would leave this one
      close();
      throw new IllegalStateException("the server is being closed");
    }
    try {
      place = loop.add(descriptor, this);
    } catch (LinuxException e) {
      close();
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void close() {
    try {
      FileCalls.close(descriptor);
    } catch (LinuxException e) {
      services.bugs().tell("closing the request socket", e);
    }
  }

  /** Whether requests can be received, as far as is known. For any thread. */
  boolean hears() {
    return failures < MOST_FAILURES;
  }

  @Override
  public void ready(int events) {
    try {
      UdpSockets.Received received = UdpSockets.receiveFrom(descriptor, loop.in());
      for (int left = REQUESTS_A_TURN; received != null && left > 0; left--) {
        answer(received);
        received = left == 1 ? null : UdpSockets.receiveFrom(descriptor, loop.in());
      }
      failures = 0;
    } catch (LinuxException | RuntimeException | Error e) {
      failures = Math.min(MOST_FAILURES, failures + 1);
      services.bugs().tell("on the request socket", e);
    }
  }

  /** Whatever goes wrong with one request, the next one is heard all the same. */
  private void answer(UdpSockets.Received received) {
    try {
      heard(received);
    } catch (RuntimeException | Error bug) {
      services.bugs().tell("a request", bug);
    }
  }

  private void heard(UdpSockets.Received from) {
    if (from.port() == 0 || isToEverybody(from.to())) {
      // Ignored without a word, RFC 1123 section 4.2.3.5.
      services.counters().malformed.increment();
      return;
    }
    ByteBuffer datagram = loop.received(from.length());
    switch (TftpCodec.decode(datagram)) {
      case ReadRequest request -> start(request, client(from), asked(from));
      case TftpPacket.WriteRequest(String file) -> {
        services.counters().refused.increment();
        services.tellRefused(
            client(from),
            file,
            BootEvent.Refusal.FORBIDDEN,
            "the node wanted to write; this server only sends");
        refuse(from, ErrorCode.ACCESS_VIOLATION, "this server only sends files");
      }
      case TftpPacket.Malformed(ErrorCode code, String why) -> {
        services.counters().malformed.increment();
        refuse(from, code, why);
      }
      // Late packets of an ended transfer, or rubbish. An ERROR is never answered (RFC 1350).
      case TftpPacket.Data _, TftpPacket.Ack _, TftpPacket.Failure _, TftpPacket.OptionAck _ ->
          services.counters().malformed.increment();
    }
  }

  /** 0 is not known: the socket is bound to an address, and hears no broadcasts. */
  private boolean isToEverybody(int address) {
    return address == Ipv4.BROADCAST.bits()
        || (address != 0 && broadcasts.contains(new Ipv4(address), Services.now()));
  }

  private static InetSocketAddress client(UdpSockets.Received from) {
    return new InetSocketAddress(new Ipv4(from.address()).toInetAddress(), from.port());
  }

  /** The address of ours that the client asked, which has to answer; ANY if the kernel chooses. */
  private InetAddress asked(UdpSockets.Received from) {
    Ipv4 to = from.to() == 0 ? services.config().listen() : new Ipv4(from.to());
    return to.toInetAddress();
  }

  private void start(ReadRequest request, InetSocketAddress client, InetAddress asked) {
    services.counters().requests.increment();
    TransferHandler running = services.active().get(client);
    if (running != null) {
      if (running.request().equals(request) && !running.isQuietSince(Services.now().minus(QUIET))) {
        services.counters().repeatedRequests.increment(); // its own timer repeats the answer
        return;
      }
      door.end(running); // the client has gone on to another file, or begins anew
    }
    door.arrived(request, client, asked);
  }

  private void refuse(UdpSockets.Received client, ErrorCode code, String why) {
    ByteBuffer out = loop.outBytes();
    TftpCodec.encode(code, why, out);
    try {
      int sent =
          UdpSockets.sendTo(
              descriptor, loop.out(), out.position(), client.address(), client.port());
      if (sent == UdpSockets.WOULD_BLOCK) {
        services.counters().sendErrors.increment();
      }
    } catch (LinuxException e) {
      services.counters().sendErrors.increment();
    }
  }

  /** Only with the loop: after a turn that failed requests are heard as before. */
  @Override
  public void end() {
    if (loop.isStopping()) {
      loop.remove(descriptor, place);
    }
  }
}
