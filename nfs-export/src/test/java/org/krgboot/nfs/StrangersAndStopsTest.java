package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;

/** What strangers cannot take from nodes, and what a stop does not lose. */
class StrangersAndStopsTest extends NfsScript {
  private void restart(Limits limits, BootEvent.Sink sink) throws IOException {
    client.close();
    server.close();
    NfsConfig usual = TestServer.config(directory, root);
    NfsConfig config =
        new NfsConfig(
            usual.listen(),
            usual.nfsPort(),
            usual.mountPort(),
            usual.portmapPort(),
            usual.exports(),
            usual.stateDirectory(),
            limits);
    server = NfsServer.start(config, sink, InstantSource.system());
    client = new Client(server.nfsPort());
  }

  private static Limits limits(int connections, Duration stall) {
    Limits d = Limits.DEFAULTS;
    return new Limits(
        connections, d.ioSize(), d.descriptors(), d.replies(), d.bufferBytes(), d.idle(), stall);
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
}
