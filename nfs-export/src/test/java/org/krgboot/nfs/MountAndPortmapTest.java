package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Subnet;

/** MOUNT, the portmapper, and what is refused on the way. */
class MountAndPortmapTest extends NfsScript {
  private static final int MNT = 1;

  private Client.Results mount(int version, String path) throws IOException {
    try (Client mount = new Client(server.mountPort())) {
      return mount.call(Client.MOUNT, version, MNT, a -> a.text(path));
    }
  }

  private String lastRefusal() {
    return events.stream()
        .filter(BootEvent.MountRefused.class::isInstance)
        .map(event -> ((BootEvent.MountRefused) event).reason())
        .reduce("", (_, last) -> last);
  }

  @Test
  void options_behind_the_path_and_slashes_are_taken_off() throws Exception {
    for (String suffix : List.of("", "/", ",v3,tcp", ",v3,tcp,rsize=32768", "/,v3")) {
      Client.Results reply = mount(3, root + suffix);
      assertThat(reply.u32()).as(suffix).isZero();
      assertThat(reply.opaque()).isEqualTo(rootHandle);
      assertThat(reply.u32()).isEqualTo(1);
      assertThat(reply.u32()).isEqualTo(1);
    }
    assertThat(mount(3, root + ",nonsense").u32()).isEqualTo(2);
  }

  @Test
  void a_directory_inside_can_be_mounted_but_no_link_and_nothing_above() throws Exception {
    Files.createDirectories(root.resolve("sub/deep"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("/etc"));
    Client.Results reply = mount(3, root + "/sub/deep");
    assertThat(reply.u32()).isZero();
    assertThat(lookup(lookup("sub"), "deep")).isEqualTo(reply.opaque());
    for (String bad : List.of("/link", "/..", "/sub/../..", "/none", "x")) {
      assertThat(mount(3, root + bad).u32()).as(bad).isNotZero();
    }
    assertThat(mount(3, directory.toString()).u32()).isEqualTo(2);
    assertThat(lastRefusal()).contains("exported are").contains(root.toString());
  }

  @Test
  void a_version_1_mount_is_refused_with_the_remedy() throws Exception {
    assertThat(mount(1, root.toString()).u32()).isEqualTo(13);
    assertThat(lastRefusal()).contains("add v3,tcp to nfsroot=");
  }

  @Test
  void nfs_version_2_gets_the_versions_served_and_one_event() throws Exception {
    for (int i = 0; i < 3; i++) {
      Client.Results reply = client.raw(client.message(9, Client.NFS, 2, 0, _ -> {}));
      assertThat(reply.skip(20).u32()).isEqualTo(2);
      assertThat(reply.u32()).isEqualTo(3);
      assertThat(reply.u32()).isEqualTo(3);
    }
    assertThat(lastRefusal()).contains("add v3,tcp to nfsroot=");
    assertThat(events.stream().filter(BootEvent.MountRefused.class::isInstance)).hasSize(1);
  }

  @Test
  void unknown_programs_and_procedures_and_garbage_are_told_apart() throws Exception {
    assertThat(client.raw(client.message(1, 100227, 3, 0, _ -> {})).skip(20).u32()).isEqualTo(1);
    assertThat(client.raw(client.message(1, Client.NFS, 3, 22, _ -> {})).skip(20).u32())
        .isEqualTo(3);
    assertThat(client.raw(client.message(1, Client.NFS, 3, 1, a -> a.u32(99))).skip(20).u32())
        .isEqualTo(4);
    assertThat(server.counters().get("nfs.malformed")).isEqualTo(1);
    assertThat(status(GETATTR, a -> a.opaque(rootHandle))).isZero();
  }

  @Test
  void the_portmapper_tells_the_ports_on_both_transports() throws Exception {
    try (Client portmap = new Client(server.portmapPort())) {
      for (int protocol : new int[] {6, 17}) {
        assertThat(getPort(portmap, Client.NFS, 3, protocol)).isEqualTo(server.nfsPort());
        assertThat(getPort(portmap, Client.MOUNT, 1, protocol)).isEqualTo(server.mountPort());
      }
      assertThat(getPort(portmap, 100021, 4, 6)).isZero();
      for (int change : new int[] {1, 2}) {
        Client.Results reply =
            portmap.call(Client.PORTMAP, 2, change, a -> a.u32(100021, 4, 6, 7777));
        assertThat(reply.u32()).isZero();
      }
      Client.Results dump = portmap.call(Client.PORTMAP, 2, 4, _ -> {});
      int count = 0;
      while (dump.u32() == 1) {
        dump.skip(16);
        count++;
      }
      assertThat(count).isEqualTo(8);
    }
  }

  private static int getPort(Client portmap, int program, int version, int protocol)
      throws IOException {
    return portmap.call(Client.PORTMAP, 2, 3, a -> a.u32(program, version, protocol, 0)).u32();
  }

  @Test
  void datagrams_are_answered() throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(10_000);
      byte[] call = client.message(4, Client.NFS, 3, GETATTR, a -> a.opaque(rootHandle));
      InetAddress loopback = InetAddress.getByName("127.0.0.1");
      socket.send(new DatagramPacket(new byte[3], 3, loopback, server.nfsPort()));
      socket.send(new DatagramPacket(call, call.length, loopback, server.nfsPort()));
      DatagramPacket reply = new DatagramPacket(new byte[1000], 1000);
      socket.receive(reply);
      assertThat(reply.getLength()).isEqualTo(24 + 4 + 84);
    }
  }

  @Test
  void a_stranger_is_refused_by_mount_and_by_nfs() throws Exception {
    server.close();
    Subnet others = Subnet.parse("192.0.2.0/24");
    Export closed = Export.of(root, Terms.OF_A_NODE_ROOT, new Clients.Network(others));
    restart(closed);
    assertThat(mount(3, root.toString()).u32()).isEqualTo(13);
    assertThat(lastRefusal()).contains("192.0.2.0/24").contains("add 127.0.0.1");
    assertThat(status(GETATTR, a -> a.opaque(rootHandle))).isEqualTo(ACCES);
  }

  @Test
  void a_read_only_export_takes_no_change_and_squash_makes_root_nobody() throws Exception {
    byte[] secret = file("secret", "x");
    Files.setAttribute(root.resolve("secret"), "unix:mode", 0600);
    server.close();
    Terms readOnly = Terms.DEFAULTS.with(Terms.SourcePorts.ANY);
    restart(Export.of(root, readOnly, Clients.everybody()));
    assertThat(status(REMOVE, a -> a.opaque(rootHandle).text("secret"))).isEqualTo(30);
    assertThat(status(READ, a -> a.opaque(secret).u64(0).u32(1))).isEqualTo(ACCES);
  }

  private void restart(Export export) throws IOException {
    client.close();
    server =
        NfsServer.start(TestServer.config(directory, export), events::add, InstantSource.system());
    client = new Client(server.nfsPort());
  }

  @Test
  void a_taken_port_is_named() {
    NfsConfig taken =
        new NfsConfig(
            TestServer.LOOPBACK,
            server.nfsPort(),
            0,
            0,
            List.of(),
            directory.resolve("state"),
            Limits.DEFAULTS);
    assertThatThrownBy(() -> NfsServer.start(taken, _ -> {}, InstantSource.system()))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("cannot serve nfs on 127.0.0.1:" + server.nfsPort());
  }

  @Test
  void a_file_system_without_handles_is_refused_with_the_reason() {
    NfsConfig proc = TestServer.config(directory, Export.readWriteRoot(Path.of("/proc")));
    assertThatThrownBy(() -> NfsServer.start(proc, _ -> {}, InstantSource.system()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot export /proc")
        .hasMessageContaining("file handles");
  }

  @Test
  void exports_and_mounts_are_listed() throws Exception {
    try (Client mount = new Client(server.mountPort())) {
      Client.Results exports = mount.call(Client.MOUNT, 3, 5, _ -> {});
      assertThat(exports.u32()).isEqualTo(1);
      assertThat(new String(exports.opaque(), StandardCharsets.UTF_8)).isEqualTo(root.toString());
      assertThat(mount.call(Client.MOUNT, 3, 2, _ -> {}).u32()).isEqualTo(1);
      mount.call(Client.MOUNT, 3, 3, a -> a.text(root.toString()));
      assertThat(mount.call(Client.MOUNT, 3, 2, _ -> {}).u32()).isZero();
    }
  }
}
