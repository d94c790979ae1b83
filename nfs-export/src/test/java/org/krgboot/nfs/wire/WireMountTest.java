package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.krgboot.nfs.wire.RpcReply.Outcome;

/** Checklist 16: MOUNT (RFC 1813 section 5) and portmap version 2 (RFC 1833 section 3). */
final class WireMountTest extends WireTest {
  private static final int TCP = 6;
  private static final int UDP = 17;

  private TcpTransport mount;
  private UdpTransport portmap;

  @BeforeEach
  void connect() throws Exception {
    mount = new TcpTransport(served.mountPort());
    portmap = new UdpTransport(served.portmapPort());
  }

  @AfterEach
  void disconnect() throws Exception {
    if (mount != null) {
      mount.close();
      portmap.close();
    }
  }

  private RpcReply mnt(Transport transport, String name) throws Exception {
    byte[] arguments = new XdrOut().opaque(bytes(name)).bytes();
    return transport.call(Transport.MOUNT, 3, 1, Caller.ROOT, arguments);
  }

  private Status status(String name) throws Exception {
    return Status.read(mnt(mount, name).body());
  }

  @Test
  void a_mount_gives_a_handle_and_the_flavors_we_take() throws Exception {
    XdrIn in = mnt(mount, exported.toString()).body();
    assertThat(Status.read(in)).isEqualTo(Status.OK);
    assertThat(in.opaque()).isEqualTo(top);
    List<Integer> flavors = new ArrayList<>();
    for (int i = in.word(); i > 0; i--) {
      flavors.add(in.word());
    }
    in.end();
    assertThat(flavors).contains(1);
  }

  @Test
  void a_mount_works_over_udp_too() throws Exception {
    try (UdpTransport udp = new UdpTransport(served.mountPort())) {
      assertThat(Status.read(mnt(udp, exported.toString()).body())).isEqualTo(Status.OK);
    }
  }

  @Test
  void what_is_not_exported_is_refused_without_telling_whether_it_exists() throws Exception {
    assertThat(status("/none")).isIn(Status.NOENT, Status.ACCES);
    assertThat(status("/etc")).isEqualTo(status("/none"));
    assertThat(status("")).isNotEqualTo(Status.OK);
    assertThat(status(exported + "/..")).isNotEqualTo(Status.OK);
    assertThat(status(exported + "/../../etc")).isNotEqualTo(Status.OK);
    assertThat(status(exported + "x")).isNotEqualTo(Status.OK);
  }

  @Test
  void a_path_is_taken_with_a_slash_at_its_end_and_with_options() throws Exception {
    assertThat(status(exported + "/")).isEqualTo(Status.OK);
    assertThat(status(exported + ",v3,tcp,rsize=1048576,wsize=1048576")).isEqualTo(Status.OK);
  }

  @Test
  void a_path_longer_than_1024_bytes_is_refused() throws Exception {
    RpcReply reply = mnt(mount, "/" + "x".repeat(1024));
    assertThat(reply.outcome() == Outcome.GARBAGE_ARGS || Status.read(reply.body()) != Status.OK)
        .isTrue();
  }

  @Test
  void the_exports_are_listed() throws Exception {
    XdrIn in = mount.call(Transport.MOUNT, 3, 5, Caller.NONE, new byte[0]).body();
    List<String> paths = new ArrayList<>();
    while (in.bool()) {
      paths.add(new String(in.opaque()));
      while (in.bool()) {
        in.opaque(); // a group
      }
    }
    in.end();
    assertThat(paths).containsExactly(exported.toString());
  }

  private List<String> mounted() throws Exception {
    XdrIn in = mount.call(Transport.MOUNT, 3, 2, Caller.ROOT, new byte[0]).body();
    List<String> paths = new ArrayList<>();
    while (in.bool()) {
      in.opaque(); // the host
      paths.add(new String(in.opaque()));
    }
    in.end();
    return paths;
  }

  @Test
  void who_has_mounted_is_listed_until_the_unmount() throws Exception {
    status(exported.toString());
    status(exported.toString());
    assertThat(mounted()).containsOnlyOnce(exported.toString());
    byte[] arguments = new XdrOut().opaque(bytes(exported.toString())).bytes();
    mount.call(Transport.MOUNT, 3, 3, Caller.ROOT, arguments).body().end();
    assertThat(mounted()).isEmpty();
    status(exported.toString());
    mount.call(Transport.MOUNT, 3, 4, Caller.ROOT, new byte[0]).body().end();
    assertThat(mounted()).isEmpty();
    assertThat(root.getattr(top).status()).isEqualTo(Status.OK); // the handle stays good
  }

  @Test
  void mount_has_versions_1_to_3_and_six_procedures() throws Exception {
    RpcReply reply = mount.call(Transport.MOUNT, 4, 0, Caller.NONE, new byte[0]);
    assertThat(reply.outcome()).isEqualTo(Outcome.PROG_MISMATCH);
    assertThat(reply.low()).isEqualTo(1);
    assertThat(reply.high()).isEqualTo(3);
    assertThat(mount.call(Transport.MOUNT, 1, 0, Caller.NONE, new byte[0]).outcome())
        .isEqualTo(Outcome.SUCCESS);
    assertThat(mount.call(Transport.MOUNT, 3, 6, Caller.NONE, new byte[0]).outcome())
        .isEqualTo(Outcome.PROC_UNAVAIL);
  }

  private int port(Transport transport, int program, int version, int protocol) throws Exception {
    byte[] mapping = new XdrOut().words(program, version, protocol, 0).bytes();
    return transport.call(Transport.PORTMAP, 2, 3, Caller.NONE, mapping).body().word();
  }

  @Test
  void the_portmapper_knows_our_programs_on_both_transports() throws Exception {
    try (TcpTransport tcp = new TcpTransport(served.portmapPort())) {
      for (Transport transport : new Transport[] {portmap, tcp}) {
        for (int protocol : new int[] {TCP, UDP}) {
          assertThat(port(transport, Transport.NFS, 3, protocol)).isEqualTo(served.nfsPort());
          assertThat(port(transport, Transport.MOUNT, 3, protocol)).isEqualTo(served.mountPort());
          assertThat(port(transport, Transport.MOUNT, 1, protocol)).isEqualTo(served.mountPort());
          assertThat(port(transport, 100021, 4, protocol)).isZero();
        }
      }
    }
  }

  @Test
  void the_portmapper_lists_what_it_knows() throws Exception {
    XdrIn in = portmap.call(Transport.PORTMAP, 2, 4, Caller.NONE, new byte[0]).body();
    List<List<Integer>> all = new ArrayList<>();
    while (in.bool()) {
      all.add(List.of(in.word(), in.word(), in.word(), in.word()));
    }
    in.end();
    assertThat(all)
        .contains(
            List.of(Transport.NFS, 3, TCP, served.nfsPort()),
            List.of(Transport.NFS, 3, UDP, served.nfsPort()),
            List.of(Transport.MOUNT, 3, TCP, served.mountPort()));
  }

  @Test
  void nobody_takes_our_programs_away_through_the_portmapper() throws Exception {
    byte[] mapping = new XdrOut().words(Transport.NFS, 3, TCP, 1).bytes();
    portmap.call(Transport.PORTMAP, 2, 2, Caller.ROOT, mapping);
    portmap.call(Transport.PORTMAP, 2, 1, Caller.ROOT, mapping);
    assertThat(port(portmap, Transport.NFS, 3, TCP)).isEqualTo(served.nfsPort());
  }

  @Test
  void the_portmapper_forwards_no_calls_and_has_version_2_only() throws Exception {
    RpcReply reply = portmap.call(Transport.PORTMAP, 4, 0, Caller.NONE, new byte[0]);
    assertThat(reply.outcome()).isEqualTo(Outcome.PROG_MISMATCH);
    assertThat(reply.low()).isEqualTo(2);
    assertThat(reply.high()).isEqualTo(2);
    byte[] forward = new XdrOut().words(Transport.NFS, 3, 0, 0).bytes();
    int[] callIt = {Transport.PORTMAP, 2, 5};
    portmap.send(RpcReply.call(3, callIt, Caller.NONE, forward));
    try {
      assertThat(portmap.receive().outcome()).isEqualTo(Outcome.PROC_UNAVAIL);
    } catch (java.net.SocketTimeoutException silence) {
      // RFC 1833 section 3.2: CALLIT answers nothing where it does not succeed
    }
  }
}
