package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
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
import org.krgboot.nfs.Limits;
import org.krgboot.nfs.NfsConfig;
import org.krgboot.nfs.NfsServer;

class LifeSignsTest {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATE = Duration.ofMinutes(1);

  @TempDir Path directory;

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void the_servers_that_hang_are_named() {
    LifeSigns signs = new LifeSigns();
    signs.add("tftp", _ -> false);
    signs.add("dhcp", _ -> true);
    signs.add("http", _ -> false);
    assertThat(signs.silent(SOON)).isEqualTo(List.of("http", "tftp"));
  }

  @Test
  void an_nfs_server_that_works_answers_its_null_call() throws Exception {
    NfsConfig config =
        new NfsConfig(
            Ipv4.parse("127.0.0.1"),
            NfsConfig.EPHEMERAL,
            NfsConfig.EPHEMERAL,
            0,
            List.of(),
            directory,
            Limits.DEFAULTS);
    try (NfsServer server = NfsServer.start(config, _ -> {}, InstantSource.system())) {
      assertThat(new NfsNull(loopback(server.nfsPort())).isAnswered(LATE)).isTrue();
    }
  }

  @Test
  void a_server_that_takes_connections_and_answers_nothing_or_something_else_does_not_work()
      throws Exception {
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(new NfsNull(loopback(port.getLocalPort())).isAnswered(SOON)).isFalse();
      port.accept().close();
      Thread other =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket socket = port.accept()) {
                  new DataInputStream(socket.getInputStream()).readNBytes(44);
                  new DataOutputStream(socket.getOutputStream()).writeLong(4);
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(new NfsNull(loopback(port.getLocalPort())).isAnswered(LATE)).isFalse();
      other.join();
    }
  }

  @Test
  void nobody_listens_is_no_answer() throws Exception {
    int free;
    try (ServerSocket port = new ServerSocket(0)) {
      free = port.getLocalPort();
    }
    assertThat(new NfsNull(loopback(free)).isAnswered(LATE)).isFalse();
  }
}
