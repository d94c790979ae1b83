package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EchoSocketTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final int LOOPBACK = 127 << 24 | 1;
  private static final int NOBODY = 10 << 24 | 1;

  @Test
  void a_host_that_is_there_answers_with_the_numbers_of_the_request() throws Exception {
    EchoSocket.Reply reply =
        OwnNetwork.in(() -> {
          OwnNetwork.ip("link", "set", "lo", "up");
          try (EchoSocket socket = EchoSocket.open(LONG)) {
            socket.request(LOOPBACK, 0xfedc, 0x8001);
            return socket.receive().orElseThrow();
          }
        });
    assertThat(reply).isEqualTo(new EchoSocket.Reply(LOOPBACK, 0xfedc, 0x8001));
  }

  @Test
  void where_no_route_leads_the_request_is_refused() {
    assertThatThrownBy(() ->
            OwnNetwork.in(() -> {
              try (EchoSocket socket = EchoSocket.open(LONG)) {
                socket.request(NOBODY, 1, 1);
                return "sent";
              }
            }))
        .hasRootCauseInstanceOf(LinuxException.class)
        .hasMessageContaining("ENETUNREACH");
  }

  @Test
  void without_an_answer_the_patience_ends() throws Exception {
    Optional<EchoSocket.Reply> reply =
        OwnNetwork.in(() -> {
          try (EchoSocket socket = EchoSocket.open(Duration.ofMillis(20))) {
            return socket.receive();
          }
        });
    assertThat(reply).isEmpty();
  }

  @Test
  void a_thread_that_waits_is_woken() throws Exception {
    Optional<EchoSocket.Reply> reply =
        OwnNetwork.in(() -> {
          try (EchoSocket socket = EchoSocket.open(LONG)) {
            CountDownLatch waits = new CountDownLatch(1);
            Thread waker =
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        waits.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      socket.wake();
                    });
            waits.countDown();
            Optional<EchoSocket.Reply> none = socket.receive();
            waker.join();
            return none;
          }
        });
    assertThat(reply).isEmpty();
  }

  @Test
  void any_bytes_are_an_answer_or_none() {
    Random random = new Random(20261122);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      Optional<EchoSocket.Reply> reply = EchoSocket.reply(bytes);
      assertThat(reply.isEmpty() || bytes.length >= 28).isTrue();
    }
  }

  @Test
  void the_checksum_is_that_of_rfc_1071() {
    byte[] example = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, -9};
    assertThat(EchoSocket.checksum(example)).isEqualTo((short) ~0xddf2);
  }
}
