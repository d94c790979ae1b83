package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PollerTest {
  private static final int LOOPBACK = 127 << 24 | 1;

  private final MemorySegment memory = Arena.ofAuto().allocate(16);

  private static int socket() throws LinuxException {
    int socket = UdpSockets.open();
    UdpSockets.bind(socket, LOOPBACK, 0);
    return socket;
  }

  private void sendTo(int socket) throws LinuxException {
    int from = UdpSockets.open();
    UdpSockets.sendTo(from, memory, 1, LOOPBACK, UdpSockets.port(socket));
    FileCalls.close(from);
  }

  @Test
  void a_socket_is_told_of_as_long_as_there_is_something_to_receive() throws Exception {
    int one = socket();
    int other = socket();
    try (Poller poller = Poller.open(8)) {
      poller.add(one, 70_000_000_000L);
      poller.add(other, 2);
      assertThat(poller.look()).isZero();
      sendTo(one);
      for (int again = 0; again < 2; again++) {
        assertThat(poller.await()).isEqualTo(1);
        assertThat(poller.id(0)).isEqualTo(70_000_000_000L);
        assertThat(poller.events(0)).isEqualTo(Poller.IN);
      }
      UdpSockets.receive(one, memory);
      assertThat(poller.look()).isZero();
      poller.change(other, Poller.IN | Poller.OUT, 3);
      assertThat(poller.await()).isEqualTo(1);
      assertThat(poller.id(0)).isEqualTo(3);
      assertThat(poller.events(0)).isEqualTo(Poller.OUT);
      FileCalls.close(other);
      assertThat(poller.look()).isZero();
    } finally {
      FileCalls.close(one);
    }
  }

  @Test
  void more_events_than_there_is_room_for_are_told_by_and_by() throws Exception {
    int one = socket();
    int other = socket();
    try (Poller poller = Poller.open(1)) {
      poller.add(one, 1);
      poller.add(other, 2);
      sendTo(one);
      sendTo(other);
      assertThat(poller.await()).isEqualTo(1);
      long first = poller.id(0);
      assertThat(poller.await()).isEqualTo(1);
      assertThat(first + poller.id(0)).isEqualTo(3);
    } finally {
      FileCalls.close(one);
      FileCalls.close(other);
    }
  }

  @Test
  void another_thread_ends_the_wait_each_time() throws Exception {
    try (Poller poller = Poller.open(8)) {
      for (int i = 0; i < 3; i++) {
        Thread waker =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    poller.wake();
                  } catch (LinuxException e) {
                    throw new AssertionError(e);
                  }
                });
        assertThat(poller.await()).isEqualTo(1);
        assertThat(poller.id(0)).isEqualTo(Poller.WOKEN);
        waker.join();
        assertThat(poller.look()).isZero();
      }
    }
  }

  @Test
  void the_alarm_rings_once_each_time_it_is_set_and_at_the_last_time_set() throws Exception {
    try (Poller poller = Poller.open(8)) {
      poller.alarmIn(3600_000_000_000L);
      poller.alarmIn(1_000_000);
      assertThat(poller.await()).isEqualTo(1);
      assertThat(poller.id(0)).isEqualTo(Poller.ALARM);
      assertThat(poller.look()).isZero();
      poller.alarmIn(-5);
      assertThat(poller.await()).as("a time that has passed").isEqualTo(1);
      assertThat(poller.look()).isZero();
    }
  }
}
