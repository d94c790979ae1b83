package org.krgboot.tftp;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.UdpSockets;
import org.krgboot.model.Ipv4;

/** The loops, and the sockets that they wait for. */
final class Transport implements AutoCloseable {
  /** Room for the requests of a cluster that is switched on at once. */
  private static final int REQUEST_BUFFER = 1 << 20;

  private static final int MOST_LOOPS = 4;

  private final Optional<String> interfaceName;
  private final int trafficClass;
  private final List<Loop> loops = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();

  /** Starts the loops; the caller closes. */
  Transport(TftpConfig config, Bugs bugs) throws LinuxException {
    this.interfaceName = config.interfaceName();
    this.trafficClass = config.dscp() << 2; // the lower two bits are ECN's, RFC 3168
    int threads = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
    try {
      for (int i = 0; i < threads; i++) {
        loops.add(Loop.start("tftp-" + i, bugs));
      }
    } catch (LinuxException e) {
      close();
      throw e;
    }
  }

  /** A loop for a socket; each in its turn. For any thread. */
  Loop nextLoop() {
    return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
  }

  /**
   * The socket that hears requests.
   *
   * @throws BindException if it cannot be had; names address and port
   */
  int listen(Ipv4 address, int port) throws BindException {
    try {
      int socket = socket();
      try {
        UdpSockets.receiveBuffer(socket, REQUEST_BUFFER);
        if (address.equals(Ipv4.ANY)) {
          // The answer must come from the address of ours that a request was sent to.
          UdpSockets.tellDestinations(socket);
        }
        UdpSockets.bind(socket, address.bits(), port);
        return socket;
      } catch (LinuxException e) {
        FileCalls.close(socket);
        throw e;
      }
    } catch (LinuxException e) {
      BindException failure =
          new BindException("cannot hear TFTP on " + address + ":" + port + ": " + reason(e));
      failure.initCause(e);
      throw failure;
    }
  }

  private String reason(LinuxException e) {
    return switch (e.errno()) {
      case EADDRINUSE -> "Address already in use";
      case EADDRNOTAVAIL -> "Cannot assign requested address";
      case EACCES -> "Permission denied";
      case ENODEV -> "there is no interface " + interfaceName.orElse("");
      default -> e.getMessage();
    };
  }

  /** A socket for one transfer, on a port of its own, connected to its client. */
  int open(InetAddress from, InetSocketAddress client) throws LinuxException {
    int socket = socket();
    try {
      UdpSockets.bind(socket, bits(from), 0);
      UdpSockets.connect(socket, bits(client.getAddress()), client.getPort());
      return socket;
    } catch (LinuxException e) {
      FileCalls.close(socket);
      throw e;
    }
  }

  private static int bits(InetAddress address) {
    return Ipv4.of(address.getAddress()).bits();
  }

  private int socket() throws LinuxException {
    int socket = UdpSockets.open();
    try {
      if (trafficClass != 0) {
        UdpSockets.trafficClass(socket, trafficClass);
      }
      if (interfaceName.isPresent()) {
        UdpSockets.bindToInterface(socket, interfaceName.get());
      }
      return socket;
    } catch (LinuxException e) {
      FileCalls.close(socket);
      throw e;
    }
  }

  /** Whether all loops take work within that time; waits for them. */
  boolean answers(Duration within) {
    CountDownLatch answers = new CountDownLatch(loops.size());
    try {
      loops.forEach(loop -> loop.execute(answers::countDown));
      return answers.await(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closing) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends all sockets. */
  @Override
  public void close() {
    loops.forEach(Loop::stop);
    loops.forEach(Loop::close);
  }
}
