package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.RpcReply.Outcome;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Checklist 16 and the limits: RPC, record marking, and what is neither. */
final class WireRpcTest extends WireTest {
  private static final int[] GETATTR = {Transport.NFS, 3, 1};

  private byte[] getattr(int xid) {
    return RpcReply.call(xid, GETATTR, Caller.ROOT, new XdrOut().opaque(top).bytes());
  }

  private RpcReply ask(int program, int version, int procedure) throws Exception {
    return connection.call(program, version, procedure, Caller.NONE, new byte[0]);
  }

  @Test
  void the_null_procedure_needs_no_credential_on_either_transport() throws Exception {
    assertThat(ask(Transport.NFS, 3, 0).outcome()).isEqualTo(Outcome.SUCCESS);
    try (UdpTransport udp = new UdpTransport(served.nfsPort())) {
      assertThat(udp.call(Transport.NFS, 3, 0, Caller.NONE, new byte[0]).outcome())
          .isEqualTo(Outcome.SUCCESS);
    }
  }

  @Test
  void other_versions_of_nfs_are_told_that_we_have_version_3() throws Exception {
    for (int version : new int[] {0, 1, 2, 4, 99, -1}) {
      RpcReply reply = ask(Transport.NFS, version, 0);
      assertThat(reply.outcome()).isEqualTo(Outcome.PROG_MISMATCH);
      assertThat(reply.low()).isEqualTo(3);
      assertThat(reply.high()).isEqualTo(3);
    }
  }

  @Test
  void unknown_programs_and_procedures_are_unavailable() throws Exception {
    assertThat(ask(100021, 4, 0).outcome()).isEqualTo(Outcome.PROG_UNAVAIL);
    assertThat(ask(100227, 3, 0).outcome()).isEqualTo(Outcome.PROG_UNAVAIL);
    assertThat(ask(-1, 3, 0).outcome()).isEqualTo(Outcome.PROG_UNAVAIL);
    assertThat(ask(Transport.NFS, 3, 22).outcome()).isEqualTo(Outcome.PROC_UNAVAIL);
    assertThat(ask(Transport.NFS, 3, -1).outcome()).isEqualTo(Outcome.PROC_UNAVAIL);
  }

  @Test
  void another_version_of_rpc_is_denied() throws Exception {
    byte[] call = getattr(77);
    call[11] = 3;
    RpcReply reply = connection.exchange(call);
    assertThat(reply.outcome()).isEqualTo(Outcome.RPC_MISMATCH);
    assertThat(reply.low()).isEqualTo(2);
    assertThat(reply.high()).isEqualTo(2);
  }

  @Test
  void arguments_cut_short_are_garbage_for_every_procedure() throws Exception {
    for (int procedure = 1; procedure < 22; procedure++) {
      byte[] half = new XdrOut().opaque(top).bytes();
      byte[] cut = Arrays.copyOf(half, half.length - 4);
      assertThat(connection.call(Transport.NFS, 3, procedure, Caller.ROOT, cut).outcome())
          .as("procedure %d", procedure)
          .isEqualTo(Outcome.GARBAGE_ARGS);
      assertThat(connection.call(Transport.NFS, 3, procedure, Caller.ROOT, new byte[0]).outcome())
          .isEqualTo(Outcome.GARBAGE_ARGS);
    }
  }

  @Test
  void a_length_of_2_to_the_31_in_the_arguments_is_garbage() throws Exception {
    for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -4, 1 << 20}) {
      byte[] name = new XdrOut().opaque(top).word(length).bytes();
      assertThat(connection.call(Transport.NFS, 3, 3, Caller.ROOT, name).outcome())
          .isEqualTo(Outcome.GARBAGE_ARGS);
      byte[] handle = new XdrOut().word(length).raw(new byte[64]).bytes();
      assertThat(connection.call(Transport.NFS, 3, 1, Caller.ROOT, handle).outcome())
          .isEqualTo(Outcome.GARBAGE_ARGS);
    }
  }

  @Test
  void a_credential_that_is_none_is_an_authentication_error() throws Exception {
    int[] seventeen = new int[17];
    byte[] longName = new XdrOut().word(0).opaque(new byte[256]).words(0, 0, 0).bytes();
    for (Caller caller :
        new Caller[] {
          Caller.user(0, 0, seventeen),
          new Caller(1, new byte[0]),
          new Caller(1, new byte[12]),
          new Caller(1, longName),
          new Caller(6, new byte[20]),
          new Caller(99, new byte[0])
        }) {
      RpcReply reply =
          connection.call(Transport.NFS, 3, 1, caller, new XdrOut().opaque(top).bytes());
      assertThat(reply.outcome()).isIn(Outcome.AUTH_ERROR, Outcome.GARBAGE_ARGS);
    }
  }

  @Test
  void a_credential_longer_than_400_bytes_is_refused() throws Exception {
    connection.send(
        TcpTransport.record(RpcReply.call(5, GETATTR, new Caller(0, new byte[404]), new byte[0])));
    try {
      assertThat(connection.receive().outcome()).isNotEqualTo(Outcome.SUCCESS);
    } catch (java.io.EOFException closed) {
      // as good: the header is not RPC
    }
  }

  @Test
  void a_call_may_come_in_any_fragments() throws Exception {
    byte[] call = getattr(9);
    for (int size : new int[] {1, 3, 4, 40, call.length - 1}) {
      connection.send(TcpTransport.fragments(call, size));
      assertThat(connection.receive().xid()).isEqualTo(9);
    }
  }

  @Test
  void empty_fragments_do_not_end_a_record() throws Exception {
    byte[] mark = new byte[4];
    for (int i = 0; i < 10; i++) {
      connection.send(mark);
    }
    connection.send(TcpTransport.record(getattr(10)));
    assertThat(connection.receive().xid()).isEqualTo(10);
  }

  @Test
  void a_call_may_come_byte_by_byte() throws Exception {
    for (byte each : TcpTransport.record(getattr(11))) {
      connection.send(new byte[] {each});
    }
    assertThat(connection.receive().xid()).isEqualTo(11);
  }

  @Test
  void a_hundred_calls_in_one_write_have_a_hundred_replies() throws Exception {
    XdrOut all = new XdrOut();
    List<Integer> expected = new ArrayList<>();
    for (int xid = 1; xid <= 100; xid++) {
      all.raw(TcpTransport.record(getattr(xid)));
      expected.add(xid);
    }
    connection.send(all.bytes());
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      RpcReply reply = connection.receive();
      assertThat(Status.read(reply.body())).isEqualTo(Status.OK);
      seen.add(reply.xid());
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void an_oversized_record_closes_its_connection_only() throws Exception {
    for (int mark : new int[] {-1, Integer.MAX_VALUE, 1 << 31 | 64 << 20, 100 << 20}) {
      try (TcpTransport bad = new TcpTransport(served.nfsPort())) {
        bad.send(new XdrOut().word(mark).bytes());
        assertThat(bad.isClosedByServer()).as("mark %x", mark).isTrue();
      }
      root.nothing();
    }
  }

  @Test
  void half_a_record_holds_nobody_else_up() throws Exception {
    List<TcpTransport> halves = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        TcpTransport half = new TcpTransport(served.nfsPort());
        halves.add(half);
        half.send(new XdrOut().word(1 << 31 | 1 << 20).raw(new byte[1000]).bytes());
      }
      root.nothing();
      assertThat(root.getattr(top).status()).isEqualTo(Status.OK);
    } finally {
      for (TcpTransport half : halves) {
        half.close();
      }
    }
  }

  @Test
  void random_bytes_on_either_transport_do_no_harm() throws Exception {
    Random random = new Random(1057);
    try (UdpTransport udp = new UdpTransport(served.nfsPort())) {
      for (int i = 0; i < 200; i++) {
        byte[] noise = new byte[random.nextInt(300)];
        random.nextBytes(noise);
        udp.send(noise);
        try (TcpTransport tcp = new TcpTransport(served.nfsPort())) {
          tcp.send(noise);
        }
      }
    }
    try (UdpTransport udp = new UdpTransport(served.nfsPort())) {
      assertThat(udp.exchange(getattr(12)).xid()).isEqualTo(12);
    }
    root.nothing();
  }

  @Test
  void a_sound_call_with_random_changes_never_breaks_the_server() throws Exception {
    Random random = new Random(1813);
    byte[] arguments = new XdrOut().opaque(top).opaque(new byte[20]).raw(new byte[100]).bytes();
    for (int i = 0; i < 2000; i++) {
      byte[] changed = arguments.clone();
      int from = random.nextInt(3) == 0 ? 0 : top.length + 4;
      for (int j = 0; j < 1 + random.nextInt(4); j++) {
        changed[from + random.nextInt(changed.length - from)] = (byte) random.nextInt();
      }
      int procedure = 1 + random.nextInt(21);
      assertThat(connection.call(Transport.NFS, 3, procedure, Caller.NONE, changed).outcome())
          .as("round %d, procedure %d", i, procedure)
          .isIn(Outcome.SUCCESS, Outcome.GARBAGE_ARGS);
    }
  }

  @Test
  void a_reply_sent_to_the_server_is_not_answered() throws Exception {
    try (UdpTransport udp = new UdpTransport(served.nfsPort())) {
      udp.send(new XdrOut().words(7, 1, 0, 0, 0, 0).bytes());
      udp.send(new byte[3]);
      udp.send(new byte[0]);
      assertThat(udp.hearsNothing(300)).isTrue();
    }
  }

  @Test
  void udp_reads_are_cut_to_what_a_datagram_holds() throws Exception {
    byte[] file = file("f", 0644);
    root.setattr(file, Sattr.ofSize(10 << 20));
    try (UdpTransport udp = new UdpTransport(served.nfsPort())) {
      NfsClient client = new NfsClient(udp, Caller.ROOT);
      assertThat(client.read(file, 0, 1 << 20).count()).isEqualTo(32 << 10);
      assertThat(client.fsinfo(top).readMax()).isEqualTo(32 << 10);
      assertThat(client.write(file, 0, 2, new byte[32 << 10]).count()).isEqualTo(32 << 10);
      assertThat(client.readdir(top, 0, NO_VERIFIER, 1 << 20).status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void a_client_that_reads_no_replies_holds_up_only_itself() throws Exception {
    byte[] file = file("f", 0644);
    root.setattr(file, Sattr.ofSize(1 << 30));
    byte[] arguments = new XdrOut().opaque(file).hyper(0).word(1 << 20).bytes();
    int[] read = {Transport.NFS, 3, 6};
    try (TcpTransport greedy = new TcpTransport(served.nfsPort())) {
      for (int i = 0; i < 200; i++) { // 200 MiB of replies, none taken
        greedy.send(TcpTransport.record(RpcReply.call(i, read, Caller.ROOT, arguments)));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(root.read(file, 0, 4096).count()).isEqualTo(4096);
      }
    }
  }
}
