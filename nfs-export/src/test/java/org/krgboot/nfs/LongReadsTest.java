package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** READs that are sent from the pages of the file, and what a client must not notice of that. */
class LongReadsTest extends NfsScript {
  private static final int MIB = 1 << 20;
  private final byte[] content = new byte[5 * MIB + 4321];
  private int nextXid = 1;

  private byte[] bigFile() throws IOException {
    new Random(7).nextBytes(content);
    Files.write(root.resolve("big"), content);
    return lookup(rootHandle, "big");
  }

  private byte[] read(byte[] file, long offset, int count) {
    return client.message(
        nextXid++, Client.NFS, 3, READ, a -> a.opaque(file).u64(offset).u32(count));
  }

  private byte[] getattr(byte[] file) {
    return client.message(nextXid++, Client.NFS, 3, GETATTR, a -> a.opaque(file));
  }

  private void send(byte[]... calls) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(64 << 10);
    for (byte[] call : calls) {
      all.putInt(1 << 31 | call.length).put(call);
    }
    client.send(all);
  }

  private Client.Results receive(int xid) throws IOException {
    Client.Results reply = client.receive();
    assertThat(reply.u32()).isEqualTo(xid);
    reply.skip(20);
    assertThat(reply.u32()).isEqualTo(OK);
    return reply;
  }

  private void receiveRead(int xid, int offset, int count) throws IOException {
    Client.Results reply = receive(xid);
    int expected = Math.clamp(content.length - offset, 0, count);
    assertThat(reply.skipPostOp().u32()).isEqualTo(expected);
    assertThat(reply.u32()).as("eof").isEqualTo(offset + count >= content.length ? 1 : 0);
    assertThat(reply.opaque()).isEqualTo(Arrays.copyOfRange(content, offset, offset + expected));
    assertThat(reply.remaining()).isZero();
  }

  @Test
  void they_are_whole_at_any_place_and_of_any_length() throws Exception {
    byte[] file = bigFile();
    Random random = new Random(8);
    for (int i = 0; i < 200; i++) {
      int xid = nextXid;
      int offset = random.nextInt(content.length + 1000) & (i % 2 == 0 ? -4096 : -1);
      int count = i % 5 == 0 ? MIB : random.nextInt(MIB);
      send(read(file, offset, count));
      receiveRead(xid, offset, count);
    }
  }

  @Test
  void calls_before_and_behind_them_are_answered_in_their_order() throws Exception {
    byte[] file = bigFile();
    for (int i = 0; i < 20; i++) {
      int xid = nextXid;
      int count = (64 << 10) * (1 + i % 16);
      send(
          getattr(file),
          getattr(file),
          read(file, 0, count),
          getattr(file),
          read(file, MIB, MIB),
          read(file, 4096, 100),
          read(file, content.length - 99_999, 1 << 17),
          getattr(file));
      receive(xid);
      receive(xid + 1);
      receiveRead(xid + 2, 0, count);
      receive(xid + 3);
      receiveRead(xid + 4, MIB, MIB);
      receiveRead(xid + 5, 4096, 100);
      receiveRead(xid + 6, content.length - 99_999, 1 << 17);
      receive(xid + 7);
    }
  }

  @Test
  void they_are_whole_when_the_client_takes_its_time() throws Exception {
    byte[] file = bigFile();
    for (int i = 0; i < 40; i++) {
      send(read(file, i % 5 * MIB, MIB), getattr(file));
    }
    awaitStandstill();
    for (int i = 0; i < 40; i++) {
      receiveRead(2 * i + 1, i % 5 * MIB, MIB);
      receive(2 * i + 2);
    }
  }

  /** Until some were answered and no more are, since the client reads none. */
  private void awaitStandstill() throws InterruptedException {
    long before = -1;
    long now = 0;
    while (now == 0 || now != before) {
      TimeUnit.MILLISECONDS.sleep(200);
      before = now;
      now = server.counters().get("nfs.bytes-read");
    }
  }

  @Test
  void what_was_promised_of_a_file_that_is_cut_off_then_comes_in_its_length() throws Exception {
    byte[] file = bigFile();
    for (int i = 0; i < 40; i++) {
      send(read(file, i % 5 * MIB, MIB), getattr(file));
    }
    awaitStandstill();
    cutOff(root.resolve("big"));
    for (int i = 0; i < 40; i++) {
      Client.Results reply = receive(2 * i + 1);
      int count = reply.skipPostOp().u32();
      assertThat(count).isIn(0, MIB);
      assertThat(reply.u32()).as("eof").isEqualTo(count == 0 ? 1 : 0);
      mustBeOldOrZero(reply.opaque(), i % 5 * MIB, count);
      receive(2 * i + 2);
    }
    assertThat(status(GETATTR, a -> a.opaque(file))).isEqualTo(OK);
  }

  private void mustBeOldOrZero(byte[] data, int offset, int count) {
    assertThat(data).hasSize(count);
    for (int i = 0; i < count; i++) {
      if (data[i] != 0 && data[i] != content[offset + i]) {
        throw new AssertionError("byte " + (offset + i) + " is neither of the file nor 0");
      }
    }
  }

  private static void cutOff(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }

  @Test
  void they_hold_no_memory_for_a_client_that_does_not_read_them() throws Exception {
    byte[] file = bigFile();
    for (int i = 0; i < 40; i++) {
      send(read(file, i % 5 * MIB, MIB));
    }
    awaitStandstill();
    assertThat(server.counters().get("nfs.buffer-bytes")).isLessThan(MIB);
  }
}
