package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handles, contents, attributes and rights, as a client sees them on the wire. */
class NfsFilesTest extends NfsScript {
  @Test
  void a_handle_is_good_after_a_restart_and_a_rename() throws Exception {
    byte[] handle = file("before", "content");
    client.close();
    server.close();
    Files.move(root.resolve("before"), root.resolve("after"));
    start();
    Client.Results reply = client.nfs(READ, a -> a.opaque(handle).u64(0).u32(100));
    assertThat(reply.u32()).isEqualTo(OK);
    assertThat(reply.skipPostOp().u32()).isEqualTo(7);
  }

  @Test
  void a_forged_handle_is_refused() throws Exception {
    byte[] handle = file("file", "x");
    for (int i = 0; i < handle.length; i++) {
      byte[] forged = handle.clone();
      forged[i] ^= 1;
      assertThat(status(GETATTR, a -> a.opaque(forged))).as("byte %d", i).isEqualTo(BADHANDLE);
    }
    assertThat(status(GETATTR, a -> a.opaque(new byte[0]))).isEqualTo(BADHANDLE);
    assertThat(server.counters().get("nfs.bad-handles")).isGreaterThan(handle.length);
  }

  @Test
  void reading_past_the_end_gives_nothing_and_eof() throws Exception {
    byte[] handle = file("file", "12345");
    for (long offset : new long[] {5, 6, 1L << 40, Long.MAX_VALUE, -1}) {
      Client.Results reply = client.nfs(READ, a -> a.opaque(handle).u64(offset).u32(10));
      assertThat(reply.u32()).isEqualTo(OK);
      reply.skipPostOp();
      assertThat(reply.u32()).as("count at %d", offset).isZero();
      assertThat(reply.u32()).as("eof at %d", offset).isEqualTo(1);
    }
  }

  @Test
  void an_immense_count_is_clamped() throws Exception {
    byte[] handle = file("file", "y".repeat(3 << 20));
    Client.Results reply = client.nfs(READ, a -> a.opaque(handle).u64(0).u32(-1));
    assertThat(reply.u32()).isEqualTo(OK);
    reply.skipPostOp();
    assertThat(reply.u32()).isEqualTo(1 << 20);
    assertThat(reply.u32()).isZero();
    assertThat(reply.opaque()).hasSize(1 << 20).containsOnly('y');
  }

  @Test
  void a_write_is_read_back_and_committed() throws Exception {
    byte[] handle = file("file", "");
    byte[] data = "written".getBytes(StandardCharsets.US_ASCII);
    for (int stable = 0; stable < 3; stable++) {
      int how = stable;
      Client.Results reply =
          client.nfs(WRITE, a -> a.opaque(handle).u64(1L << 33).u32(7, how).opaque(data));
      assertThat(reply.u32()).isEqualTo(OK);
      reply.skipWcc();
      assertThat(reply.u32()).isEqualTo(7);
      assertThat(reply.u32()).isEqualTo(stable);
      long verifier = reply.u64();
      Client.Results commit = client.nfs(COMMIT, a -> a.opaque(handle).u64(0).u32(0));
      assertThat(commit.u32()).isEqualTo(OK);
      assertThat(commit.skipWcc().u64()).isEqualTo(verifier);
    }
    assertThat(Files.size(root.resolve("file"))).isEqualTo((1L << 33) + 7);
  }

  @Test
  void an_exclusive_create_is_the_same_when_repeated_after_a_restart() throws Exception {
    assertThat(exclusive(0x1234_5678_9abc_def0L)).isEqualTo(OK);
    client.close();
    server.close();
    start();
    assertThat(exclusive(0x1234_5678_9abc_def0L)).isEqualTo(OK);
    assertThat(exclusive(0x1234_5678_9abc_def1L)).isEqualTo(EXIST);
  }

  @Test
  void an_unchecked_create_keeps_and_a_guarded_one_refuses_what_is_there() throws Exception {
    file("file", "content");
    assertThat(status(CREATE, a -> a.opaque(rootHandle).text("file").u32(0).mode(0600)))
        .isEqualTo(OK);
    assertThat(root.resolve("file")).hasContent("content");
    assertThat(status(CREATE, a -> a.opaque(rootHandle).text("file").u32(1).mode(0600)))
        .isEqualTo(EXIST);
    assertThat(
            status(
                CREATE, a -> a.opaque(rootHandle).text("file").u32(0, 0, 0, 0, 1).u64(0).u32(0, 0)))
        .isEqualTo(OK);
    assertThat(root.resolve("file")).isEmptyFile();
  }

  @Test
  void a_retransmitted_remove_gets_the_same_answer() throws Exception {
    file("file", "");
    int first =
        client.call(77, Client.NFS, 3, REMOVE, a -> a.opaque(rootHandle).text("file")).u32();
    try (Client again = new Client(server.nfsPort())) {
      int second =
          again.call(77, Client.NFS, 3, REMOVE, a -> a.opaque(rootHandle).text("file")).u32();
      int other =
          again.call(78, Client.NFS, 3, REMOVE, a -> a.opaque(rootHandle).text("file")).u32();
      assertThat(List.of(first, second, other)).containsExactly(OK, OK, NOENT);
    }
  }

  @Test
  void a_guard_that_does_not_match_is_not_in_sync() throws Exception {
    byte[] handle = file("file", "");
    assertThat(status(SETATTR, a -> a.opaque(handle).mode(0600).u32(1, 5, 5))).isEqualTo(NOT_SYNC);
    assertThat(status(SETATTR, a -> a.opaque(handle).mode(0604).u32(0))).isEqualTo(OK);
    assertThat((int) Files.getAttribute(root.resolve("file"), "unix:mode") & 0777).isEqualTo(0604);
  }

  @Test
  void times_keep_nanoseconds_and_go_beyond_2038() throws Exception {
    byte[] handle = file("file", "");
    assertThat(
            status(
                SETATTR,
                a ->
                    a.opaque(handle)
                        .u32(0, 0, 0, 0, 2, 1, 123_456_789, 2, (int) 2_500_000_000L, 987_654_321)
                        .u32(0)))
        .isEqualTo(OK);
    Client.Results reply = client.nfs(GETATTR, a -> a.opaque(handle));
    reply.skip(4 + 60);
    assertThat(reply.u32()).isEqualTo(1);
    assertThat(reply.u32()).isEqualTo(123_456_789);
    assertThat(Integer.toUnsignedLong(reply.u32())).isEqualTo(2_500_000_000L);
    assertThat(reply.u32()).isEqualTo(987_654_321);
  }

  @Test
  void the_kernel_checks_the_caller_but_the_owner_may_write() throws Exception {
    byte[] secret = file("secret", "x");
    Files.setAttribute(root.resolve("secret"), "unix:mode", 0600);
    Files.setAttribute(root, "unix:mode", 01777);
    client.as(1000, 1000, 50);
    assertThat(status(READ, a -> a.opaque(secret).u64(0).u32(1))).isEqualTo(ACCES);
    assertThat(status(REMOVE, a -> a.opaque(rootHandle).text("secret"))).isEqualTo(PERM);
    assertThat(status(MKNOD, a -> a.opaque(rootHandle).text("d").u32(4).mode(0600).u32(1, 3)))
        .isEqualTo(PERM);
    assertThat(status(CREATE, a -> a.opaque(rootHandle).text("mine").u32(1).mode(0444)))
        .isEqualTo(OK);
    byte[] mine = lookup("mine");
    assertThat(status(WRITE, a -> a.opaque(mine).u64(0).u32(1, 2).opaque(new byte[] {'x'})))
        .isEqualTo(OK);
    assertThat(Files.getAttribute(root.resolve("mine"), "unix:uid")).isEqualTo(1000);
    client.as(1001, 1001);
    assertThat(status(WRITE, a -> a.opaque(mine).u64(0).u32(1, 2).opaque(new byte[] {'x'})))
        .isEqualTo(ACCES);
    client.as(0, 0);
    assertThat(status(READ, a -> a.opaque(secret).u64(0).u32(1))).isEqualTo(OK);
  }

  @Test
  void what_may_only_be_executed_can_be_read() throws Exception {
    byte[] program = file("program", "x");
    Files.setAttribute(root.resolve("program"), "unix:mode", 0711);
    client.as(1000, 1000);
    assertThat(status(READ, a -> a.opaque(program).u64(0).u32(1))).isEqualTo(OK);
    Client.Results access = client.nfs(ACCESS, a -> a.opaque(program).u32(0x3f));
    assertThat(access.skip(4).skipPostOp().u32()).isEqualTo(0x20);
  }

  @Test
  void a_write_by_another_user_clears_set_id_bits() throws Exception {
    byte[] program = file("program", "x");
    Files.setAttribute(root.resolve("program"), "unix:mode", 06777);
    client.as(1000, 1000);
    assertThat(status(WRITE, a -> a.opaque(program).u64(0).u32(1, 0).opaque(new byte[] {'y'})))
        .isEqualTo(OK);
    assertThat((int) Files.getAttribute(root.resolve("program"), "unix:mode") & 07777)
        .isEqualTo(0777);
  }

  @Test
  void fsinfo_tells_of_one_mebibyte_and_nanoseconds() throws Exception {
    Client.Results reply = client.nfs(FSINFO, a -> a.opaque(rootHandle));
    assertThat(reply.u32()).isEqualTo(OK);
    reply.skipPostOp();
    assertThat(reply.u32()).isEqualTo(1 << 20);
    reply.skip(8);
    assertThat(reply.u32()).isEqualTo(1 << 20);
    reply.skip(8 + 4 + 8);
    assertThat(reply.u64()).isEqualTo(1);
    assertThat(reply.u32()).isEqualTo(0x1b);
    assertThat(reply.remaining()).isZero();
  }

  @Test
  void fragments_are_joined_and_many_calls_answered_in_order() throws Exception {
    byte[] message = client.message(5, Client.NFS, 3, GETATTR, a -> a.opaque(rootHandle));
    ByteBuffer stream = ByteBuffer.allocate(64 << 10);
    for (int i = 0; i < 10; i++) {
      for (int at = 0; at < message.length; at += 7) {
        int length = Math.min(7, message.length - at);
        boolean last = at + length == message.length;
        stream.putInt((last ? 0x80000000 : 0) | length).put(message, at, length);
        stream.putInt(0);
        stream.position(stream.position() - (last ? 4 : 0));
      }
    }
    client.send(stream);
    for (int i = 0; i < 10; i++) {
      Client.Results reply = client.receive();
      assertThat(reply.u32()).isEqualTo(5);
      assertThat(reply.skip(20).u32()).isEqualTo(OK);
      assertThat(reply.remaining()).isEqualTo(84);
    }
  }

  @Test
  void a_record_that_is_too_long_ends_the_connection() throws Exception {
    client.send(ByteBuffer.allocate(4).putInt(0x7fffffff));
    assertThat(client.isClosedByServer()).isTrue();
    assertThat(server.counters().get("nfs.malformed")).isEqualTo(1);
  }
}
