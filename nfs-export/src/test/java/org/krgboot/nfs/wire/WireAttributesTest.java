package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.bytes;
import static org.krgboot.nfs.wire.Sattr.KEEP;
import static org.krgboot.nfs.wire.Sattr.NOW;
import static org.krgboot.nfs.wire.Sattr.at;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.Stat;

/** Checklist 6, 7 and 11: attributes and times are the file system's own, to the bit. */
final class WireAttributesTest extends WireTest {
  @Test
  void attributes_are_those_of_the_host() throws Exception {
    byte[] file = file("f", 04751);
    root.write(file, 1 << 20, NfsClient.UNSTABLE, new byte[5000]);
    Stat stat =
        FileCalls.statx(AtFlags.AT_FDCWD, bytes(exported + "/f"), AtFlags.AT_SYMLINK_NOFOLLOW);
    Fattr seen = attributes(file);
    assertThat(seen.type()).isEqualTo(Fattr.REG);
    assertThat(seen.mode()).isEqualTo(04751);
    assertThat(seen.size()).isEqualTo((1 << 20) + 5000);
    assertThat(seen.used()).isEqualTo(stat.blocks() * 512);
    assertThat(seen.fileid()).isEqualTo(stat.inode());
    assertThat(seen.mtime())
        .isEqualTo(new Fattr.Time(stat.modify().seconds(), stat.modify().nanos()));
    assertThat(seen.ctime())
        .isEqualTo(new Fattr.Time(stat.change().seconds(), stat.change().nanos()));
  }

  @Test
  void what_is_changed_on_the_server_itself_is_in_the_next_getattr() throws Exception {
    byte[] file = file("f", 0644);
    Path local = exported.resolve("f");
    assertThat(attributes(file).size()).isZero();
    Files.writeString(local, "twelve bytes");
    assertThat(attributes(file).size()).isEqualTo(12);
    Files.setAttribute(local, "unix:mode", 0600);
    assertThat(attributes(file).mode()).isEqualTo(0600);
    Files.setAttribute(local, "unix:uid", ANN);
    assertThat(attributes(file).uid()).isEqualTo(ANN);
    Files.setLastModifiedTime(local, FileTime.from(77, TimeUnit.SECONDS));
    assertThat(attributes(file).mtime()).isEqualTo(new Fattr.Time(77, 0));
    Files.createLink(exported.resolve("g"), local);
    assertThat(attributes(file).nlink()).isEqualTo(2);
    int links = attributes(top).nlink();
    Files.createDirectory(exported.resolve("d"));
    assertThat(attributes(top).nlink()).isEqualTo(links + 1);
  }

  @Test
  void all_files_of_an_export_have_one_fsid() throws Exception {
    long fsid = attributes(top).fsid();
    assertThat(attributes(file("f", 0644)).fsid()).isEqualTo(fsid);
    assertThat(attributes(directory("d", 0755)).fsid()).isEqualTo(fsid);
  }

  @Test
  void a_wrong_guard_changes_nothing_and_a_right_one_lets_pass() throws Exception {
    byte[] file = file("f", 0644);
    Fattr.Time now = attributes(file).ctime();
    Fattr.Time other = new Fattr.Time(now.seconds(), now.nanos() ^ 1);
    Results.Changed refused = root.setattrIf(file, Sattr.ofMode(0600), other);
    assertThat(refused.status()).isEqualTo(Status.NOT_SYNC);
    assertThat(attributes(file).mode()).isEqualTo(0644);
    assertThat(root.setattrIf(file, Sattr.ofMode(0600), now).status()).isEqualTo(Status.OK);
    assertThat(attributes(file).mode()).isEqualTo(0600);
  }

  @Test
  void each_time_is_set_alone_and_to_the_nanosecond() throws Exception {
    byte[] file = file("f", 0644);
    root.setattr(file, Sattr.ofTimes(at(1_000_000_000, 123_456_789), at(5, 999_999_999)));
    root.setattr(file, Sattr.ofTimes(at(7, 1), KEEP));
    assertThat(attributes(file).atime()).isEqualTo(new Fattr.Time(7, 1));
    assertThat(attributes(file).mtime()).isEqualTo(new Fattr.Time(5, 999_999_999));
    root.setattr(file, Sattr.ofTimes(KEEP, at(9, 2)));
    assertThat(attributes(file).atime()).isEqualTo(new Fattr.Time(7, 1));
    assertThat(attributes(file).mtime()).isEqualTo(new Fattr.Time(9, 2));
  }

  @Test
  void times_after_2038_and_up_to_2106_come_back() throws Exception {
    byte[] file = file("f", 0644);
    for (long seconds : new long[] {0, 2_147_483_647L, 2_147_483_648L, 4_294_967_295L}) {
      root.setattr(file, Sattr.ofTimes(at(seconds, 3), at(seconds, 4)));
      assertThat(attributes(file).atime()).isEqualTo(new Fattr.Time(seconds, 3));
      assertThat(attributes(file).mtime()).isEqualTo(new Fattr.Time(seconds, 4));
      assertThat(Files.getLastModifiedTime(exported.resolve("f")).toInstant().getEpochSecond())
          .isEqualTo(seconds);
    }
  }

  @Test
  void nanoseconds_that_are_no_time_are_refused_and_never_a_secret_sign() throws Exception {
    byte[] file = file("f", 0644);
    root.setattr(file, Sattr.ofTimes(at(7, 1), at(8, 2)));
    // UTIME_NOW and UTIME_OMIT of utimensat(2) mean nothing on the wire
    for (long nanos : new long[] {1_000_000_000L, 0x3fffffffL, 0x3ffffffeL, 0xffffffffL}) {
      assertThat(root.setattr(file, Sattr.ofTimes(at(1, nanos), at(1, nanos))).status())
          .isEqualTo(Status.INVAL);
    }
    assertThat(attributes(file).mtime()).isEqualTo(new Fattr.Time(8, 2));
  }

  @Test
  void a_refused_setattr_changes_nothing_at_all() throws Exception {
    byte[] file = file("f", 0644);
    root.write(file, 0, NfsClient.UNSTABLE, bytes("kept"));
    Fattr before = attributes(file);
    Sattr wrong = new Sattr(0600, 5, 5, 0L, KEEP, at(1, 1_000_000_000L));
    assertThat(root.setattr(file, wrong).status()).isEqualTo(Status.INVAL);
    assertThat(attributes(file)).isEqualTo(before);
  }

  @Test
  void the_servers_time_is_the_servers() throws Exception {
    byte[] file = file("f", 0644);
    root.setattr(file, Sattr.ofTimes(at(7, 1), at(8, 2)));
    assertThat(root.setattr(file, Sattr.ofTimes(KEEP, NOW)).status()).isEqualTo(Status.OK);
    Fattr after = attributes(file);
    assertThat(after.atime()).isEqualTo(new Fattr.Time(7, 1));
    assertThat(after.mtime().seconds()).isEqualTo(after.ctime().seconds());
  }

  @Test
  void a_file_grows_beyond_4_gib_and_shrinks_again() throws Exception {
    byte[] file = file("f", 0644);
    root.write(file, 0, NfsClient.UNSTABLE, bytes("0123456789"));
    assertThat(root.setattr(file, Sattr.ofSize(5L << 30)).status()).isEqualTo(Status.OK);
    assertThat(attributes(file).size()).isEqualTo(5L << 30);
    assertThat(attributes(file).used()).isLessThan(1 << 20);
    root.setattr(file, Sattr.ofSize(4));
    assertThat(root.read(file, 0, 100).bytes()).isEqualTo(bytes("0123"));
  }

  @Test
  void a_size_is_refused_where_it_cannot_be() throws Exception {
    byte[] file = file("f", 0644);
    assertThat(root.setattr(file, Sattr.ofSize(-1)).status()).isIn(Status.FBIG, Status.INVAL);
    assertThat(root.setattr(file, Sattr.ofSize(Long.MAX_VALUE)).status())
        .isIn(Status.FBIG, Status.INVAL);
    assertThat(root.setattr(top, Sattr.ofSize(0)).status()).isIn(Status.ISDIR, Status.INVAL);
    byte[] fifo = root.mknod(top, "p", Fattr.FIFO, Sattr.ofMode(0666)).handle();
    assertThat(root.setattr(fifo, Sattr.ofSize(0)).status()).isEqualTo(Status.INVAL);
    assertThat(attributes(file).size()).isZero();
  }

  @Test
  void setattr_tells_the_attributes_before_and_after() throws Exception {
    byte[] file = file("f", 0644);
    Fattr before = attributes(file);
    Fattr.Wcc wcc = root.setattr(file, Sattr.ofSize(77)).wcc();
    assertThat(wcc.before() == null || wcc.before().matches(before)).isTrue();
    assertThat(wcc.after()).isEqualTo(attributes(file));
    assertThat(wcc.after().ctime()).isNotEqualTo(before.ctime());
  }

  @Test
  void every_change_shows_in_ctime() throws Exception {
    byte[] file = file("f", 0644);
    Fattr.Time last = attributes(file).ctime();
    for (int i = 0; i < 20; i++) {
      Thread.sleep(5); // longer than a tick of the kernel's coarse clock
      root.setattr(file, Sattr.ofMode(i % 2 == 0 ? 0600 : 0644));
      Fattr.Time next = attributes(file).ctime();
      assertThat(next).isNotEqualTo(last);
      last = next;
    }
  }

  @Test
  void owner_and_group_take_32_bits_but_not_minus_one() throws Exception {
    byte[] file = file("f", 0644);
    root.setattr(file, Sattr.ofOwner(-2, null));
    root.setattr(file, Sattr.ofOwner(null, -3));
    assertThat(attributes(file).uid()).isEqualTo(-2);
    assertThat(attributes(file).gid()).isEqualTo(-3);
    assertThat(root.setattr(file, Sattr.ofOwner(-1, null)).status()).isNotEqualTo(Status.OK);
  }

  @Test
  void a_symbolic_link_has_an_owner_and_times_of_its_own() throws Exception {
    byte[] file = file("f", 0644);
    root.setattr(file, Sattr.ofTimes(at(1, 1), at(1, 1)));
    byte[] link = root.symlink(top, "l", "f").handle();
    assertThat(root.setattr(link, Sattr.ofOwner(ANN, ANN)).status()).isEqualTo(Status.OK);
    assertThat(root.setattr(link, Sattr.ofTimes(at(5, 5), at(6, 6))).status()).isEqualTo(Status.OK);
    assertThat(attributes(link).uid()).isEqualTo(ANN);
    assertThat(attributes(link).mtime()).isEqualTo(new Fattr.Time(6, 6));
    assertThat(attributes(file).uid()).isZero();
    assertThat(attributes(file).mtime()).isEqualTo(new Fattr.Time(1, 1));
  }

  @Test
  void a_mode_can_be_set_on_a_fifo_and_a_device_without_opening_them() throws Exception {
    byte[] fifo = root.mknod(top, "p", Fattr.FIFO, Sattr.ofMode(0666)).handle();
    assertThat(root.setattr(fifo, Sattr.ofMode(0600)).status()).isEqualTo(Status.OK);
    assertThat(attributes(fifo).mode()).isEqualTo(0600);
    byte[] device =
        root.mknod(top, "c", Fattr.CHR, Sattr.ofMode(0666), new int[] {4000, 1}).handle();
    assertThat(root.setattr(device, Sattr.ofMode(0620)).status()).isEqualTo(Status.OK);
    assertThat(root.setattr(device, Sattr.ofTimes(at(1, 2), at(3, 4))).status())
        .isEqualTo(Status.OK);
    assertThat(attributes(device).mode()).isEqualTo(0620);
    assertThat(attributes(device).mtime()).isEqualTo(new Fattr.Time(3, 4));
  }

  @Test
  void the_file_systems_room_and_limits_are_told() throws Exception {
    Results.Room room = root.fsstat(top);
    var store = Files.getFileStore(exported);
    assertThat(room.bytesAndFiles().get(0)).isEqualTo(store.getTotalSpace());
    assertThat(room.bytesAndFiles().get(2)).isLessThanOrEqualTo(room.bytesAndFiles().get(1));
    Results.Info info = root.fsinfo(top);
    assertThat(info.readMax()).isEqualTo(1 << 20);
    assertThat(info.writeMax()).isEqualTo(1 << 20);
    assertThat(info.maxFileSize()).isGreaterThan(1L << 40);
    assertThat(info.timeDelta()).isEqualTo(new Fattr.Time(0, 1));
    assertThat(info.properties()).isEqualTo(0x1b); // LINK, SYMLINK, HOMOGENEOUS, CANSETTIME
    Results.PathLimits limits = root.pathconf(top);
    assertThat(limits.nameMax()).isEqualTo(255);
    assertThat(limits.linkMax()).isGreaterThanOrEqualTo(32000);
    assertThat(limits.is()).containsExactly(true, true, false, true);
    assertThat(limits.attributes()).isEqualTo(attributes(top));
  }
}
