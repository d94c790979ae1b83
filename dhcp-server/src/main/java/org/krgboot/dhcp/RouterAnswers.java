package org.krgboot.dhcp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.krgboot.dhcp.RouterDiscovery.Verdict;
import org.krgboot.linux.Icmp6Packet;
import org.krgboot.linux.Icmp6Socket;
import org.krgboot.linux.LinuxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the Router Solicitations of booting nodes, from {@link #start} to {@link #close}; what is
 * answered, and why, is decided in {@link RouterDiscovery}. One thread, which sends nothing
 * unasked.
 */
public final class RouterAnswers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RouterAnswers.class);

  /** Only a bound: {@link #close} wakes the thread. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** After an error of the socket, which may last. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** RFC 4291 section 2.7.1: the link's routers, to which solicitations go. */
  private static final String ALL_ROUTERS = "ff02::2";

  private final Icmp6Socket socket;
  private final InstantSource clock;
  private final Counters counters = new Counters();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private RouterDiscovery.State state = RouterDiscovery.State.FIRST;

  private RouterAnswers(Icmp6Socket socket, InstantSource clock) {
    this.socket = socket;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("router-answers").daemon().unstarted(this::run);
  }

  /**
   * Starts to answer on the interface.
   *
   * @return empty if it cannot be done here, which is logged; nodes boot nevertheless, only later
   */
  public static Optional<RouterAnswers> start(String interfaceName, InstantSource clock) {
    try {
      requireIpv6(interfaceName);
      RouterAnswers answers = new RouterAnswers(open(interfaceName), clock);
      answers.thread.start();
      return Optional.of(answers);
    } catch (IOException e) {
      LOG.warn(
          "Router Solicitations on {} are not answered, so iPXE in a node waits 13 s longer at every"
              + " boot: {}",
          interfaceName,
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Counts since the start by name, such as {@code ra.answered}. Any thread. */
  public Map<String, Long> counters() {
    return counters.snapshot();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    socket.wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return; // the thread may still use the socket, so it stays open
    }
    socket.close();
  }

  private static void requireIpv6(String interfaceName) throws IOException {
    Path disabled = Path.of("/proc/sys/net/ipv6/conf", interfaceName, "disable_ipv6");
    if (!Files.exists(disabled)) {
      throw new IOException("this kernel has no IPv6, or there is no such interface");
    }
    if (Files.readString(disabled).strip().equals("1")) {
      throw new IOException("IPv6 is off there (" + disabled + "); write 0 to it");
    }
  }

  private static Icmp6Socket open(String interfaceName) throws IOException {
    Set<Integer> types =
        Set.of(RouterDiscoveryMessage.SOLICITATION, RouterDiscoveryMessage.ADVERTISEMENT);
    Icmp6Socket socket;
    try {
      socket = Icmp6Socket.open(interfaceName, PATIENCE, types);
    } catch (LinuxException e) {
      throw new IOException("no raw socket (" + e.getMessage() + "); it needs CAP_NET_RAW", e);
    }
    try {
      socket.join((Inet6Address) InetAddress.getByName(ALL_ROUTERS));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void run() {
    while (closing.getCount() > 0) {
      try {
        Optional<Icmp6Packet> packet = socket.receive();
        if (packet.isPresent()) {
          handle(packet.get());
        }
      } catch (LinuxException e) {
        counters.routerDiscoveryFailed();
        pause();
      }
    }
  }

  private void handle(Icmp6Packet packet) {
    RouterDiscovery.Step step = RouterDiscovery.step(state, packet, clock.instant());
    state = step.next();
    switch (step.verdict()) {
      case Verdict.Advertise(Inet6Address to) -> advertise(to);
      case Verdict.Silent(RouterDiscovery.Why why) -> counters.solicitationNotAnswered(why);
    }
  }

  private void advertise(Inet6Address to) {
    try {
      socket.send(RouterDiscovery.advertisement(), to);
      counters.solicitationAnswered();
    } catch (LinuxException e) {
      // EADDRNOTAVAIL for 1 to 2 s after the first node has plugged in: our own address is still
      // being tested (RFC 4862 section 5.4). The node asks again.
      counters.routerDiscoveryFailed();
    }
  }

  private void pause() {
    try {
      boolean _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
