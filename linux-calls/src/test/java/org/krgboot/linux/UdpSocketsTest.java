package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UdpSocketsTest {
  private static final int LOOPBACK = 127 << 24 | 1;
  private static final int OTHER_LOOPBACK = 127 << 24 | 2;

  private final List<Integer> open = new ArrayList<>();
  private final MemorySegment memory = Arena.ofAuto().allocate(4096);

  private int socket(int address) throws LinuxException {
    int socket = UdpSockets.open();
    open.add(socket);
    UdpSockets.bind(socket, address, 0);
    return socket;
  }

  @AfterEach
  void close() throws LinuxException {
    for (int socket : open) {
      FileCalls.close(socket);
    }
  }

  /** What has been sent over loopback is there when the sending call returns. */
  private byte[] receive(int socket) throws LinuxException {
    int length = UdpSockets.receive(socket, memory.asSlice(2048));
    return length == UdpSockets.WOULD_BLOCK
        ? new byte[] {-1}
        : memory.asSlice(2048, length).toArray(JAVA_BYTE);
  }

  private void connect(int one, int other) throws LinuxException {
    UdpSockets.connect(one, LOOPBACK, UdpSockets.port(other));
    UdpSockets.connect(other, LOOPBACK, UdpSockets.port(one));
  }

  @Test
  void two_that_are_connected_hear_each_other_and_no_stranger() throws Exception {
    int one = socket(LOOPBACK);
    int other = socket(LOOPBACK);
    int stranger = socket(LOOPBACK);
    connect(one, other);
    assertThat(receive(one)).containsExactly(-1);
    UdpSockets.sendTo(stranger, memory, 5, LOOPBACK, UdpSockets.port(one));
    memory.set(JAVA_BYTE, 3, (byte) 42);
    assertThat(UdpSockets.send(other, memory, 3, 1)).isEqualTo(1);
    assertThat(receive(one)).containsExactly(42);
    assertThat(receive(one)).containsExactly(-1);
  }

  @Test
  void a_request_tells_who_sent_it_and_to_which_address() throws Exception {
    int server = socket(0);
    int client = socket(OTHER_LOOPBACK);
    int port = UdpSockets.port(server);
    assertThat(UdpSockets.receiveFrom(server, memory)).isNull();
    UdpSockets.sendTo(client, memory, 7, LOOPBACK, port);
    assertThat(UdpSockets.receiveFrom(server, memory))
        .isEqualTo(new UdpSockets.Received(7, OTHER_LOOPBACK, UdpSockets.port(client), 0));
    UdpSockets.tellDestinations(server);
    UdpSockets.sendTo(client, memory, 0, OTHER_LOOPBACK, port);
    assertThat(UdpSockets.receiveFrom(server, memory))
        .isEqualTo(
            new UdpSockets.Received(0, OTHER_LOOPBACK, UdpSockets.port(client), OTHER_LOOPBACK));
  }

  @Test
  void what_is_longer_than_a_segment_is_cut() throws Exception {
    int one = socket(LOOPBACK);
    int other = socket(LOOPBACK);
    connect(one, other);
    UdpSockets.segment(one, 4);
    for (int i = 0; i < 10; i++) {
      memory.set(JAVA_BYTE, i, (byte) i);
    }
    assertThat(UdpSockets.send(one, memory, 0, 10)).isEqualTo(10);
    assertThat(receive(other)).containsExactly(0, 1, 2, 3);
    assertThat(receive(other)).containsExactly(4, 5, 6, 7);
    assertThat(receive(other)).containsExactly(8, 9);
    UdpSockets.segment(one, 0);
    UdpSockets.send(one, memory, 0, 10);
    assertThat(receive(other)).hasSize(10);
  }

  @Test
  void that_nobody_is_there_is_told_by_the_next_call_and_forgotten_then() throws Exception {
    int one = socket(LOOPBACK);
    int gone = socket(LOOPBACK);
    connect(one, gone);
    FileCalls.close(open.remove(open.indexOf(gone)));
    UdpSockets.send(one, memory, 0, 1);
    assertThatThrownBy(() -> receive(one)).hasMessageContaining("ECONNREFUSED");
    assertThat(receive(one)).containsExactly(-1);
  }

  @Test
  void a_port_that_is_taken_and_an_address_that_is_not_ours_are_refused() throws Exception {
    int port = UdpSockets.port(socket(LOOPBACK));
    int other = UdpSockets.open();
    open.add(other);
    assertThatThrownBy(() -> UdpSockets.bind(other, LOOPBACK, port))
        .hasMessageContaining("EADDRINUSE");
    assertThatThrownBy(() -> UdpSockets.bind(other, 192 << 24 | 2 << 8 | 1, 0))
        .hasMessageContaining("EADDRNOTAVAIL");
    assertThatThrownBy(() -> UdpSockets.bindToInterface(other, "no-such-one"))
        .hasMessageContaining("ENODEV");
  }

  @Test
  void options_are_taken() throws Exception {
    int socket = socket(LOOPBACK);
    UdpSockets.receiveBuffer(socket, 1 << 16);
    UdpSockets.trafficClass(socket, 46 << 2);
    UdpSockets.bindToInterface(socket, "lo");
  }

  @Test
  void nothing_is_sent_from_the_heap_or_from_beyond_the_memory() throws Exception {
    int socket = socket(LOOPBACK);
    assertThatThrownBy(() -> UdpSockets.send(socket, MemorySegment.ofArray(new byte[8]), 0, 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> UdpSockets.send(socket, memory, 4000, 97))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
