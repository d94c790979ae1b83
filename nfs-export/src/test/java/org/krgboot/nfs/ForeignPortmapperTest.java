package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.nfs.OtherPortmapper.Entry;
import org.krgboot.nfs.PortmapProgram.Mapping;

/** Port 111 is taken when we start; by a portmapper we are led to all the same. */
class ForeignPortmapperTest {
  private static final int TCP = 6;
  private static final int UDP = 17;

  @TempDir Path directory;
  private OtherPortmapper other;

  @BeforeEach
  void start_another_portmapper() throws IOException {
    other = OtherPortmapper.start(0);
  }

  @AfterEach
  void stop_it() throws IOException {
    other.close();
  }

  private NfsServer serve(int portmapPort) throws IOException {
    NfsConfig config =
        new NfsConfig(
            TestServer.LOOPBACK,
            NfsConfig.EPHEMERAL,
            NfsConfig.EPHEMERAL,
            portmapPort,
            List.of(),
            directory.resolve("state"),
            Limits.DEFAULTS);
    return NfsServer.start(config, _ -> {}, InstantSource.system());
  }

  private static Entry[] entriesOf(NfsServer server) {
    return new Entry[] {
      new Entry(100003, 3, TCP, server.nfsPort()),
      new Entry(100003, 3, UDP, server.nfsPort()),
      new Entry(100005, 3, TCP, server.mountPort()),
      new Entry(100005, 3, UDP, server.mountPort()),
      new Entry(100005, 1, TCP, server.mountPort()),
      new Entry(100005, 1, UDP, server.mountPort())
    };
  }

  @Test
  void our_programs_are_registered_there_while_we_run() throws Exception {
    Entry status = new Entry(100024, 1, UDP, 40000);
    other.entries.add(status);
    try (NfsServer server = serve(other.port())) {
      assertThat(server.portmapPort()).isEqualTo(other.port());
      assertThat(other.entries).contains(entriesOf(server)).hasSize(7);
    }
    assertThat(other.entries).containsExactly(status);
  }

  @Test
  void a_port_that_cannot_be_is_nobodys() throws Exception {
    other.entries.add(new Entry(100003, 3, UDP, 70_000));
    other.entries.add(new Entry(100005, 3, TCP, -1));
    try (NfsServer server = serve(other.port())) {
      assertThat(other.entries).containsExactlyInAnyOrder(entriesOf(server));
    }
  }

  @Test
  void what_a_dead_server_of_ours_left_there_is_replaced() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      free = socket.getLocalPort();
    }
    other.entries.add(new Entry(100003, 3, TCP, free));
    other.entries.add(new Entry(100005, 1, UDP, free));
    try (NfsServer server = serve(other.port())) {
      assertThat(other.entries).containsExactlyInAnyOrder(entriesOf(server));
    }
  }

  @Test
  void a_server_that_runs_keeps_its_entry_and_we_refuse_to_start() throws Exception {
    try (NfsServer running = serve(0)) {
      Entry theirs = new Entry(100005, 3, TCP, running.mountPort());
      other.entries.add(theirs);
      assertThatThrownBy(() -> serve(other.port()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("mount version 3 over tcp at port " + running.mountPort())
          .hasMessageContaining("nfs.portmap-port = 0");
      assertThat(other.entries).containsExactly(theirs);
    }
  }

  @Test
  void the_check_names_such_a_server_without_changing_anything() throws Exception {
    try (NfsServer running = serve(0)) {
      Entry theirs = new Entry(100005, 3, TCP, running.mountPort());
      other.entries.add(theirs);
      NfsConfig config =
          new NfsConfig(
              TestServer.LOOPBACK, 2049, 627, other.port(), List.of(), directory, Limits.DEFAULTS);
      assertThat(ForeignPortmapper.inTheWay(config))
          .hasSize(1)
          .first()
          .asString()
          .contains("mount");
      assertThat(other.entries).containsExactly(theirs);
    }
  }

  @Test
  void a_portmapper_that_forgot_us_is_told_again() throws Exception {
    List<Mapping> ours = Mapping.ofOurs(2049, 627);
    try (ForeignPortmapper registration = ForeignPortmapper.register(other.port(), ours)) {
      int port = other.port();
      other.close();
      registration.look();
      other = OtherPortmapper.start(port);
      registration.look();
      assertThat(other.entries).hasSize(6).contains(new Entry(100003, 3, UDP, 2049));
    }
    assertThat(other.entries).isEmpty();
  }

  @Test
  void one_that_takes_nothing_is_told_with_the_remedy() {
    other.refuse();
    assertThatThrownBy(() -> serve(other.port()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not take nfs version 3 over tcp")
        .hasMessageContaining("rpcinfo -d 100003 3");
  }

  @Test
  void a_port_held_by_what_is_no_portmapper_is_named() throws Exception {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> serve(holder.getLocalPort()))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("cannot serve portmap on 127.0.0.1:" + holder.getLocalPort());
      assertThat(ForeignPortmapper.answersOn(holder.getLocalPort())).isFalse();
    }
  }
}
