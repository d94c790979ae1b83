package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.DATA_SYNC;
import static org.krgboot.nfs.wire.NfsClient.FILE_SYNC;
import static org.krgboot.nfs.wire.NfsClient.UNSTABLE;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Checklist 4, 10 and 11: data, its end, and when it is on disk. */
final class WireReadWriteTest extends WireTest {
  private byte[] ten() throws Exception {
    byte[] file = file("f", 0644);
    root.write(file, 0, FILE_SYNC, bytes("0123456789"));
    return file;
  }

  @Test
  void the_end_of_file_is_told_with_the_last_byte_and_after_it() throws Exception {
    byte[] file = ten();
    assertThat(root.read(file, 0, 9).eof()).isFalse();
    assertThat(root.read(file, 0, 10).eof()).isTrue();
    assertThat(root.read(file, 0, 11).eof()).isTrue();
    assertThat(root.read(file, 4, 100).bytes()).isEqualTo(bytes("456789"));
    assertThat(root.read(file, 4, 100).count()).isEqualTo(6);
  }

  @Test
  void a_read_past_the_end_is_empty_with_eof_and_no_error() throws Exception {
    byte[] file = ten();
    for (long offset : new long[] {10, 11, 4096, 1L << 32, 1L << 40}) {
      Results.Data data = root.read(file, offset, 100);
      assertThat(data.status()).isEqualTo(Status.OK);
      assertThat(data.count()).isZero();
      assertThat(data.eof()).isTrue();
      assertThat(data.attributes().size()).isEqualTo(10);
    }
  }

  @Test
  void an_offset_beyond_2_to_the_63_is_past_the_end_or_invalid() throws Exception {
    byte[] file = ten();
    for (long offset : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, -10}) {
      Results.Data data = root.read(file, offset, 100);
      if (data.status() == Status.OK) {
        assertThat(data.count()).isZero();
        assertThat(data.eof()).isTrue();
      } else {
        assertThat(data.status()).isIn(Status.INVAL, Status.FBIG);
      }
    }
  }

  @Test
  void a_read_of_nothing_gives_nothing() throws Exception {
    Results.Data data = root.read(ten(), 3, 0);
    assertThat(data.status()).isEqualTo(Status.OK);
    assertThat(data.count()).isZero();
    assertThat(data.eof()).isFalse();
  }

  @Test
  void a_huge_count_is_cut_to_what_the_server_offers() throws Exception {
    byte[] file = file("f", 0644);
    root.setattr(file, Sattr.ofSize(1L << 30));
    for (int count : new int[] {(1 << 20) + 1, 600 << 20, Integer.MAX_VALUE, -1}) {
      Results.Data data = root.read(file, 0, count);
      assertThat(data.status()).isEqualTo(Status.OK);
      assertThat(data.count()).isEqualTo(1 << 20);
      assertThat(data.eof()).isFalse();
    }
  }

  @Test
  void a_mebibyte_goes_and_comes_in_one_call() throws Exception {
    byte[] file = file("f", 0644);
    byte[] data = new byte[1 << 20];
    new Random(7).nextBytes(data);
    assertThat(root.write(file, 3, UNSTABLE, data).count()).isEqualTo(data.length);
    assertThat(root.read(file, 3, 1 << 20).bytes()).isEqualTo(data);
    assertThat(root.read(file, 0, 3).bytes()).isEqualTo(new byte[3]);
  }

  @Test
  void every_length_keeps_its_bytes_and_padding() throws Exception {
    byte[] file = file("f", 0644);
    for (int length = 0; length < 9; length++) {
      byte[] data = bytes("abcdefghi".substring(0, length));
      assertThat(root.write(file, 100, UNSTABLE, data).count()).isEqualTo(length);
      assertThat(root.read(file, 100, length).bytes()).isEqualTo(data);
    }
  }

  @Test
  void data_beyond_4_gib_is_where_it_was_put_and_holes_are_zero() throws Exception {
    byte[] file = file("f", 0644);
    long far = (6L << 30) + 5;
    assertThat(root.write(file, far, FILE_SYNC, bytes("far")).status()).isEqualTo(Status.OK);
    Results.Data data = root.read(file, far - 2, 100);
    assertThat(data.bytes()).isEqualTo(bytes("\0\0far"));
    assertThat(data.eof()).isTrue();
    assertThat(root.read(file, 5L << 30, 4).bytes()).isEqualTo(new byte[4]);
    assertThat(attributes(file).size()).isEqualTo(far + 3);
  }

  @Test
  void a_write_that_no_file_can_hold_is_too_big() throws Exception {
    byte[] file = file("f", 0644);
    for (long offset : new long[] {1L << 60, Long.MAX_VALUE - 2, Long.MIN_VALUE, -1}) {
      assertThat(root.write(file, offset, UNSTABLE, bytes("x")).status())
          .isIn(Status.FBIG, Status.INVAL);
    }
    assertThat(attributes(file).size()).isZero();
  }

  @Test
  void a_write_is_at_least_as_stable_as_asked_and_all_have_one_verifier() throws Exception {
    byte[] file = file("f", 0644);
    List<Byte> verifier = root.write(file, 0, UNSTABLE, bytes("a")).verifier();
    for (int stable : new int[] {UNSTABLE, DATA_SYNC, FILE_SYNC}) {
      Results.Written written = root.write(file, 0, stable, bytes("a"));
      assertThat(written.committed()).isBetween(stable, FILE_SYNC);
      assertThat(written.verifier()).isEqualTo(verifier);
    }
    Results.Committed committed = root.commit(file, 0, 0);
    assertThat(committed.status()).isEqualTo(Status.OK);
    assertThat(committed.verifier()).isEqualTo(verifier);
    assertThat(root.commit(file, 1L << 40, 4096).status()).isEqualTo(Status.OK);
  }

  @Test
  void the_write_verifier_changes_with_a_restart() throws Exception {
    byte[] file = file("f", 0644);
    List<Byte> before = root.write(file, 0, UNSTABLE, bytes("a")).verifier();
    restart();
    assertThat(root.write(file, 0, UNSTABLE, bytes("a")).verifier()).isNotEqualTo(before);
    assertThat(root.commit(file, 0, 0).verifier()).isNotEqualTo(before);
  }

  @Test
  void a_write_tells_size_and_times_before_and_after() throws Exception {
    byte[] file = ten();
    Fattr before = attributes(file);
    Fattr.Wcc wcc = root.write(file, 8, UNSTABLE, bytes("xyz")).wcc();
    assertThat(wcc.before() == null || wcc.before().matches(before)).isTrue();
    assertThat(wcc.after()).isEqualTo(attributes(file));
    assertThat(wcc.after().size()).isEqualTo(11);
  }

  @Test
  void a_count_that_is_not_that_of_the_data_is_no_write_beyond_either() throws Exception {
    byte[] file = ten();
    for (int count : new int[] {2, 8, 5000, -1}) {
      XdrOut out = new XdrOut().opaque(file).hyper(0).words(count, FILE_SYNC);
      RpcReply reply =
          connection.call(Transport.NFS, 3, 7, Caller.ROOT, out.opaque(bytes("abcd")).bytes());
      if (reply.outcome() == RpcReply.Outcome.SUCCESS) {
        Status status = Status.read(reply.body());
        assertThat(status == Status.INVAL || (count == 2 && status == Status.OK)).isTrue();
      }
    }
    assertThat(root.read(file, 4, 100).bytes()).isEqualTo(bytes("456789"));
  }

  @Test
  void directories_and_links_have_no_data() throws Exception {
    byte[] link = root.symlink(top, "l", "f").handle();
    assertThat(root.read(top, 0, 10).status()).isIn(Status.ISDIR, Status.INVAL);
    assertThat(root.write(top, 0, UNSTABLE, bytes("x")).status()).isIn(Status.ISDIR, Status.INVAL);
    assertThat(root.read(link, 0, 10).status()).isEqualTo(Status.INVAL);
    assertThat(root.write(link, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.INVAL);
  }

  @Test
  void fifos_and_devices_are_never_opened_on_the_server() throws Exception {
    byte[] fifo = root.mknod(top, "p", Fattr.FIFO, Sattr.ofMode(0666)).handle();
    byte[] zero = root.mknod(top, "z", Fattr.CHR, Sattr.ofMode(0666), new int[] {1, 5}).handle();
    byte[] socket = root.mknod(top, "s", Fattr.SOCK, Sattr.ofMode(0666)).handle();
    for (byte[] special : new byte[][] {fifo, zero, socket}) {
      assertThat(root.read(special, 0, 10).status()).isEqualTo(Status.INVAL);
      assertThat(root.write(special, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.INVAL);
      assertThat(root.commit(special, 0, 0).status()).isNotEqualTo(Status.SERVERFAULT);
    }
  }

  @Test
  void what_the_host_writes_is_read_at_once() throws Exception {
    byte[] file = ten();
    root.read(file, 0, 10);
    Files.writeString(exported.resolve("f"), "changed on the host");
    assertThat(root.read(file, 0, 100).bytes()).isEqualTo(bytes("changed on the host"));
  }
}
