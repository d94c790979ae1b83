package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.Ipv4;

/** Whether NFS is answered, asked as a client would. */
class NullCallTest {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATE = Duration.ofMinutes(1);

  private static final NullCall.Host NOBODY =
      new NullCall.Host() {
        @Override
        public void expect(InetSocketAddress caller) {}

        @Override
        public void expectNoMore(InetSocketAddress caller) {}
      };

  @TempDir Path directory;

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private NfsServer server(int connections) throws IOException {
    Limits usual = Limits.DEFAULTS;
    Limits limits =
        new Limits(
            connections,
            100,
            usual.ioSize(),
            usual.descriptors(),
            usual.replies(),
            usual.bufferBytes(),
            usual.waitingCalls(),
            usual.idle(),
            usual.stall());
    NfsConfig config =
        new NfsConfig(
            Ipv4.parse("127.0.0.1"),
            NfsConfig.EPHEMERAL,
            NfsConfig.EPHEMERAL,
            0,
            List.of(),
            directory,
            limits);
    return NfsServer.start(config, _ -> {}, InstantSource.system());
  }

  @Test
  void a_server_that_works_answers() throws Exception {
    try (NfsServer server = server(16)) {
      assertThat(server.answers(LATE)).isTrue();
    }
  }

  @Test
  void a_server_with_as_many_connections_as_may_be_works_too() throws Exception {
    try (NfsServer server = server(1);
        Socket node = new Socket(InetAddress.getLoopbackAddress(), server.nfsPort());
        Socket stranger = new Socket(InetAddress.getLoopbackAddress(), server.nfsPort())) {
      assertThat(stranger.getInputStream().read()).as("refused").isEqualTo(-1);
      assertThat(server.answers(LATE)).isTrue();
      assertThat(server.answers(LATE)).isTrue();
      assertThat(node.isConnected()).isTrue();
      assertThat(new NullCall(loopback(server.nfsPort())).isAnswered(LATE, NOBODY)).isFalse();
    }
  }

  @Test
  void one_that_takes_connections_and_answers_nothing_or_something_else_does_not_work()
      throws Exception {
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(new NullCall(loopback(port.getLocalPort())).isAnswered(SOON, NOBODY)).isFalse();
      port.accept().close();
      Thread other =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket socket = port.accept()) {
                  new DataInputStream(socket.getInputStream()).readNBytes(44);
                  new DataOutputStream(socket.getOutputStream()).writeLong(4);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(new NullCall(loopback(port.getLocalPort())).isAnswered(LATE, NOBODY)).isFalse();
      other.join();
    }
  }

  @Test
  void nobody_listens_is_no_answer() throws Exception {
    int free;
    try (ServerSocket port = new ServerSocket(0)) {
      free = port.getLocalPort();
    }
    assertThat(new NullCall(loopback(free)).isAnswered(LATE, NOBODY)).isFalse();
  }
}
