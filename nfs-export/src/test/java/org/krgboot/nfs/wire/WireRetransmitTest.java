package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import org.junit.jupiter.api.Test;

/** Checklist 9: a call that is sent again is done once. */
final class WireRetransmitTest extends WireTest {
  private byte[] call(int xid, int procedure, XdrOut arguments) {
    int[] what = {Transport.NFS, 3, procedure};
    return RpcReply.call(xid, what, Caller.ROOT, arguments.bytes());
  }

  private XdrOut in(String name) {
    return new XdrOut().opaque(top).opaque(bytes(name));
  }

  private static Status twice(Transport transport, byte[] call) throws Exception {
    Status first = Status.read(transport.exchange(call).body());
    assertThat(first).isEqualTo(Status.OK);
    return Status.read(transport.exchange(call).body());
  }

  @Test
  void a_removal_sent_again_is_still_a_success() throws Exception {
    file("f", 0644);
    directory("d", 0755);
    assertThat(twice(connection, call(1, 12, in("f")))).isEqualTo(Status.OK);
    assertThat(twice(connection, call(2, 13, in("d")))).isEqualTo(Status.OK);
  }

  @Test
  void a_rename_a_link_and_a_guarded_create_sent_again_are_still_successes() throws Exception {
    byte[] file = file("f", 0644);
    XdrOut rename = in("f").opaque(top).opaque(bytes("g"));
    assertThat(twice(connection, call(1, 14, rename))).isEqualTo(Status.OK);
    XdrOut link = new XdrOut().opaque(file).opaque(top).opaque(bytes("h"));
    assertThat(twice(connection, call(2, 15, link))).isEqualTo(Status.OK);
    XdrOut create = in("new").word(NfsClient.GUARDED);
    Sattr.NOTHING.write(create);
    assertThat(twice(connection, call(3, 8, create))).isEqualTo(Status.OK);
    XdrOut mkdir = in("dir");
    Sattr.NOTHING.write(mkdir);
    assertThat(twice(connection, call(4, 9, mkdir))).isEqualTo(Status.OK);
  }

  @Test
  void a_removal_sent_again_over_udp_is_still_a_success() throws Exception {
    file("f", 0644);
    try (UdpTransport udp = new UdpTransport(served.nfsPort())) {
      assertThat(twice(udp, call(1, 12, in("f")))).isEqualTo(Status.OK);
    }
  }

  @Test
  void a_removal_sent_again_after_a_reconnect_is_still_a_success() throws Exception {
    file("f", 0644);
    byte[] call = call(0x7777, 12, in("f"));
    assertThat(Status.read(connection.exchange(call).body())).isEqualTo(Status.OK);
    try (TcpTransport again = new TcpTransport(served.nfsPort())) {
      assertThat(Status.read(again.exchange(call).body())).isEqualTo(Status.OK);
    }
  }

  @Test
  void another_call_with_the_same_number_is_another_call() throws Exception {
    file("f", 0644);
    file("g", 0644);
    assertThat(Status.read(connection.exchange(call(1, 12, in("f"))).body())).isEqualTo(Status.OK);
    assertThat(Status.read(connection.exchange(call(1, 12, in("g"))).body())).isEqualTo(Status.OK);
    assertThat(exported.toFile().list()).isEmpty();
  }

  @Test
  void a_file_made_anew_is_not_removed_by_an_old_retransmission() throws Exception {
    file("f", 0644);
    byte[] call = call(1, 12, in("f"));
    connection.exchange(call);
    byte[] fresh = file("f", 0600);
    connection.exchange(call);
    assertThat(root.lookup(top, "f").handle()).isEqualTo(fresh);
  }

  private static XdrOut write(byte[] file, byte[] data) {
    XdrOut out = new XdrOut().opaque(file).hyper(0).word(data.length).word(NfsClient.FILE_SYNC);
    return out.opaque(data);
  }

  private void sendAgainLate(Transport transport) throws Exception {
    byte[] file = file("f", 0644);
    byte[] older = call(1, 7, write(file, bytes("older")));
    byte[] newer = call(2, 7, write(file, bytes("newer")));
    assertThat(Status.read(transport.exchange(older).body())).isEqualTo(Status.OK);
    assertThat(Status.read(transport.exchange(newer).body())).isEqualTo(Status.OK);
    assertThat(Status.read(transport.exchange(older).body())).isEqualTo(Status.OK);
    assertThat(exported.resolve("f")).hasContent("newer");

    XdrOut size = new XdrOut().opaque(file);
    Sattr.ofSize(0).write(size);
    byte[] truncate = call(3, 2, size.word(0));
    byte[] last = call(4, 7, write(file, bytes("last")));
    assertThat(Status.read(transport.exchange(truncate).body())).isEqualTo(Status.OK);
    assertThat(Status.read(transport.exchange(last).body())).isEqualTo(Status.OK);
    assertThat(Status.read(transport.exchange(truncate).body())).isEqualTo(Status.OK);
    assertThat(exported.resolve("f")).hasContent("last");
  }

  @Test
  void a_write_or_a_truncation_that_comes_a_second_time_too_late_undoes_nothing() throws Exception {
    sendAgainLate(connection);
  }

  @Test
  void nor_does_one_that_comes_too_late_over_udp() throws Exception {
    try (UdpTransport udp = new UdpTransport(served.nfsPort())) {
      sendAgainLate(udp);
    }
  }

  @Test
  void a_write_of_other_data_is_another_write_whatever_its_number() throws Exception {
    byte[] file = file("f", 0644);
    connection.exchange(call(1, 7, write(file, bytes("one"))));
    connection.exchange(call(1, 7, write(file, bytes("two"))));
    assertThat(exported.resolve("f")).hasContent("two");
  }

  @Test
  void a_refusal_is_remembered_no_longer_than_it_is_true_for_a_new_call() throws Exception {
    assertThat(root.remove(top, "f").status()).isEqualTo(Status.NOENT);
    file("f", 0644);
    assertThat(root.remove(top, "f").status()).isEqualTo(Status.OK);
  }

  @Test
  void a_node_that_mounts_its_root_again_has_restarted_and_its_calls_are_new() throws Exception {
    file("f", 0644);
    byte[] call = call(1, 12, in("f"));
    assertThat(Status.read(connection.exchange(call).body())).isEqualTo(Status.OK);
    served.mount(exported.toString()); // the second time; it has not said UMNT
    file("f", 0644);
    assertThat(Status.read(connection.exchange(call).body())).isEqualTo(Status.OK);
    assertThat(exported).isEmptyDirectory();
  }
}
