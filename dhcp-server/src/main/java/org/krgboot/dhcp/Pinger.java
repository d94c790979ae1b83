package org.krgboot.dhcp;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.krgboot.linux.EchoSocket;
import org.krgboot.linux.LinuxException;
import org.krgboot.model.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks addresses for an echo; a thread of its own hears who answers. */
final class Pinger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pinger.class);

  /** Only a bound: {@link #close} wakes the thread. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** After an error of the socket, which may last. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final EchoSocket socket;
  private final int id = (int) ProcessHandle.current().pid() & 0xffff;

  /** Whose answer matters: a stranger's at other times costs no more than to be read. */
  private final Set<Ipv4> asked = ConcurrentHashMap.newKeySet();

  private final CountDownLatch closing = new CountDownLatch(1);
  private final Consumer<Ipv4> answered;
  private final Thread thread;
  private int sequence;

  private Pinger(EchoSocket socket, Consumer<Ipv4> answered) {
    this.socket = socket;
    this.answered = answered;
    this.thread = Thread.ofPlatform().name("dhcp-echo-replies").daemon().unstarted(this::run);
  }

  /**
   * Begins to hear.
   *
   * @param answered hears who has answered, on the pinger's thread
   * @return empty if it cannot be done here, which is logged
   */
  static Optional<Pinger> start(Consumer<Ipv4> answered) {
    try {
      Pinger pinger = new Pinger(EchoSocket.open(PATIENCE), answered);
      pinger.thread.start();
      return Optional.of(pinger);
    } catch (LinuxException e) {
      LOG.warn(
          "addresses are offered without a ping before, since there is no raw socket ({}); it needs"
              + " CAP_NET_RAW, or say ping-check = false under [dhcp]",
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Never waits. False if no way leads there. On the loop. */
  boolean ask(Ipv4 address) {
    asked.add(address);
    try {
      sequence = (sequence + 1) & 0xffff;
      socket.request(address.bits(), id, sequence);
      return true;
    } catch (LinuxException e) {
      asked.remove(address);
      return false;
    }
  }

  /** Its answer does not matter any more. On the loop. */
  void forget(Ipv4 address) {
    asked.remove(address);
  }

  private void run() {
    while (closing.getCount() > 0) {
      try {
        socket
            .receive()
            .filter(reply -> reply.id() == id)
            .map(reply -> new Ipv4(reply.source()))
            .filter(asked::remove)
            .ifPresent(answered);
      } catch (LinuxException e) {
        pause();
      }
    }
  }

  private void pause() {
    try {
      boolean _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    socket.wake();
    try {
      thread.join();
      socket.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the thread may still use the socket, so it stays open
    } catch (LinuxException e) {
      LOG.debug("the socket for echo replies: {}", e.getMessage());
    }
  }
}
