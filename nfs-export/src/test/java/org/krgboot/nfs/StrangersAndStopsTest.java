package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;

/** What strangers cannot take from nodes, and what a stop does not lose. */
class StrangersAndStopsTest extends NfsScript {
  private void restart(Limits limits, BootEvent.Sink sink) throws IOException {
    restartServer(limits, sink);
    client = new Client(server.nfsPort());
  }

  private static Limits limits(int connections, Duration stall) {
    Limits d = Limits.DEFAULTS;
    return new Limits(
        connections,
        d.addressShare(),
        d.ioSize(),
        d.descriptors(),
        d.replies(),
        d.bufferBytes(),
        d.waitingCalls(),
        d.idle(),
        stall);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitRefusal(int port) throws IOException {
    while (true) {
      try {
        new Socket("127.0.0.1", port).close();
      } catch (SocketException closed) { // refused, or reset while the port is being closed
        return;
      }
    }
  }

  @Test
  void who_is_connected_is_known_until_it_leaves() throws Exception {
    client.close();
    while (!server.clients().isEmpty()) {
      Thread.onSpinWait();
    }
    try (Socket node = new Socket()) {
      node.bind(new InetSocketAddress("127.0.0.7", 0));
      node.connect(new InetSocketAddress("127.0.0.1", server.nfsPort()));
      while (!server.clients().equals(Set.of(Ipv4.parse("127.0.0.7")))) {
        Thread.onSpinWait();
      }
    }
    while (!server.clients().isEmpty()) {
      Thread.onSpinWait();
    }
    client = new Client(server.nfsPort());
  }

  @Test
  void a_call_that_is_being_answered_when_the_server_stops_gets_its_answer() throws Exception {
    byte[] handle = file("file", "content");
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch stopping = new CountDownLatch(1);
    restart(
        Limits.DEFAULTS,
        event -> { // the first READ is told before it is answered
          reading.countDown();
          await(stopping);
        });
    byte[] call = client.message(7, Client.NFS, 3, READ, a -> a.opaque(handle).u64(0).u32(100));
    client.send(ByteBuffer.allocate(4 + call.length).putInt(1 << 31 | call.length).put(call));
    await(reading);
    Thread stop = Thread.ofPlatform().start(server::close);
    awaitRefusal(server.nfsPort());
    stopping.countDown();
    Client.Results reply = client.receive();
    assertThat(reply.u32()).isEqualTo(7);
    assertThat(reply.skip(20).u32()).isEqualTo(OK);
    assertThat(client.isClosedByServer()).isTrue();
    stop.join();
  }

  @Test
  void a_call_sent_by_drops_is_not_waited_for_for_ever() throws Exception {
    restart(limits(100, Duration.ofSeconds(1)), events::add);
    try (Socket slow = new Socket("127.0.0.1", server.nfsPort())) {
      slow.setSoTimeout(200);
      slow.getOutputStream().write(new byte[] {(byte) 0x80, 0, 1, 0});
      assertThat(isClosedWhileDripping(slow, 100)).isTrue();
    }
    assertThat(server.counters().get("nfs.connections-timed-out")).isEqualTo(1);
  }

  private static boolean isClosedWhileDripping(Socket slow, int drops) {
    for (int i = 0; i < drops; i++) {
      try {
        slow.getOutputStream().write(0);
        return slow.getInputStream().read() < 0;
      } catch (SocketTimeoutException open) {
        continue;
      } catch (IOException reset) {
        return true;
      }
    }
    return false;
  }

  @Test
  void one_address_cannot_take_all_connections() throws Exception {
    restart(limits(8, Limits.DEFAULTS.stall()), events::add);
    List<Socket> greedy = new ArrayList<>();
    InetAddress other = InetAddress.getByName("127.0.0.2");
    try {
      for (int i = 0; i < 20; i++) {
        greedy.add(new Socket("127.0.0.1", server.nfsPort()));
      }
      try (Client refused = new Client(server.nfsPort());
          Client node = new Client(server.nfsPort(), other)) {
        assertThat(refused.isClosedByServer()).isTrue();
        assertThat(node.nfs(GETATTR, a -> a.opaque(rootHandle)).u32()).isEqualTo(OK);
      }
    } finally {
      for (Socket each : greedy) {
        each.close();
      }
    }
  }

  @Test
  void made_up_handles_push_no_answer_out_of_the_memory_for_retransmissions() throws Exception {
    Limits d = Limits.DEFAULTS;
    restart(
        new Limits(
            d.connections(),
            d.addressShare(),
            d.ioSize(),
            d.descriptors(),
            4,
            d.bufferBytes(),
            d.waitingCalls(),
            d.idle(),
            d.stall()),
        events::add);
    file("file", "");
    for (int xid : new int[] {77, 1, 2, 3, 4, 5, 77}) {
      byte[] handle = xid == 77 ? rootHandle : new byte[32];
      Client.Results reply =
          client.call(xid, Client.NFS, 3, REMOVE, a -> a.opaque(handle).text("file"));
      assertThat(reply.u32()).isEqualTo(xid == 77 ? OK : BADHANDLE);
    }
  }
}
