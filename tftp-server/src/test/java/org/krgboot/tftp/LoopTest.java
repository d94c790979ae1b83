package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.UdpSockets;

@Timeout(60)
class LoopTest {
  private static final int LOOPBACK = 127 << 24 | 1;

  private final Loop loop;
  private final AtomicInteger ends = new AtomicInteger();

  LoopTest() throws IOException {
    loop = Loop.start("test", new Bugs(new Counters()));
  }

  @AfterEach
  void close() {
    loop.close();
  }

  /** On the loop; waits for it. */
  private void run(Runnable task) throws Exception {
    CompletableFuture.runAsync(task, loop).get();
  }

  private int socket() throws LinuxException {
    int socket = UdpSockets.open();
    UdpSockets.bind(socket, LOOPBACK, 0);
    return socket;
  }

  private void send(int from, int to) throws LinuxException {
    UdpSockets.sendTo(from, loop.out(), 1, LOOPBACK, UdpSockets.port(to));
  }

  private final class Counting implements Loop.Socket {
    final int socket;
    final CountDownLatch heard = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    private int place;

    Counting() throws Exception {
      socket = socket();
      run(() -> {
        try {
          place = loop.add(socket, this);
        } catch (LinuxException e) {
          throw new AssertionError(e);
        }
      });
    }

    @Override
    public void ready(int events) {
      heard.countDown();
      throw new IllegalStateException("a bug, as an example");
    }

    @Override
    public void end() {
      ends.incrementAndGet();
      loop.remove(socket, place);
      ended.countDown();
    }
  }

  @Test
  void tasks_of_many_threads_are_all_done_in_the_order_of_each() throws Exception {
    List<Integer> done = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(4 * 10_000);
    try (ExecutorService others = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        int first = thread * 10_000;
        Future<?> _ =
            others.submit(() -> {
              for (int i = 0; i < 10_000; i++) {
                int number = first + i;
                loop.execute(() -> {
                  done.add(number);
                  all.countDown();
                });
              }
            });
      }
      all.await();
    }
    for (int thread = 0; thread < 4; thread++) {
      int first = thread * 10_000;
      assertThat(done.stream().filter(number -> number / 10_000 == first / 10_000))
          .isSorted()
          .hasSize(10_000);
    }
  }

  @Test
  void alarms_ring_in_their_order_and_one_can_set_the_next() throws Exception {
    List<String> rung = new ArrayList<>();
    CountDownLatch last = new CountDownLatch(1);
    run(() -> {
      long now = System.nanoTime();
      Alarms.Alarm third =
          new Alarms.Alarm(() -> {
            rung.add("third");
            last.countDown();
          });
      Alarms.Alarm never = new Alarms.Alarm(() -> rung.add("never"));
      loop.ringAt(
          new Alarms.Alarm(() -> {
            rung.add("second");
            loop.ringAt(third, System.nanoTime() + 1_000_000);
            loop.cancel(never);
          }),
          now + 3_000_000);
      loop.ringAt(never, now + 10_000_000_000L);
      loop.ringAt(new Alarms.Alarm(() -> rung.add("first")), now + 1_000_000);
    });
    last.await();
    assertThat(rung).containsExactly("first", "second", "third");
  }

  @Test
  void a_bug_in_one_sockets_turn_ends_that_socket_and_no_other() throws Exception {
    int sender = socket();
    Counting broken = new Counting();
    Counting other = new Counting();
    send(sender, broken.socket);
    assertThat(broken.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(other.ended.getCount()).isEqualTo(1);
    send(sender, other.socket);
    assertThat(other.heard.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_loop_that_is_closed_ends_its_sockets_does_what_was_asked_before_and_nothing_after()
      throws Exception {
    Counting one = new Counting();
    CountDownLatch closing = new CountDownLatch(1);
    AtomicInteger before = new AtomicInteger();
    loop.execute(() -> {
      try {
        closing.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    loop.stop();
    loop.execute(before::incrementAndGet);
    closing.countDown();
    loop.close();
    assertThat(one.ended.getCount()).isZero();
    assertThat(ends).hasValue(1);
    assertThat(before).hasValue(1);
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }
}
