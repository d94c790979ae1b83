package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.linux.Here.ITSELF;
import static org.krgboot.linux.Here.name;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileCallsTest {
  private static final int NEW = OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_RDWR;

  @TempDir Path path;
  private int dir;

  @BeforeEach
  void open() throws LinuxException {
    dir = Here.directory(path);
  }

  @AfterEach
  void close() throws LinuxException {
    FileCalls.close(dir);
  }

  private int create(String name) throws LinuxException {
    return FileCalls.openat(dir, name(name), NEW, 0644);
  }

  @Test
  void bytes_come_back_from_where_they_were_written() throws Exception {
    int fd = create("f");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom("hello");
      assertThat(FileCalls.pwrite(fd, data.asSlice(0, 5), 5L << 30)).isEqualTo(5);
      MemorySegment back = arena.allocate(10);
      assertThat(FileCalls.pread(fd, back, (5L << 30) - 2)).isEqualTo(7);
      assertThat(back.asByteBuffer().get(0)).isZero();
      assertThat(back.getString(2)).isEqualTo("hello");
      assertThat(FileCalls.pread(fd, back, 6L << 30)).isZero();
    }
    assertThat(FileCalls.statx(fd, ITSELF, 0).size()).isEqualTo((5L << 30) + 5);
    FileCalls.close(fd);
  }

  @Test
  void what_is_in_memory_is_read_at_once_up_to_the_end_of_the_file() throws Exception {
    int fd = create("f");
    try (Arena arena = Arena.ofConfined()) {
      FileCalls.pwrite(fd, arena.allocateFrom("x".repeat(10_000)).asSlice(0, 10_000), 0);
      MemorySegment back = arena.allocate(16_384);
      assertThat(FileCalls.preadCached(fd, back, 1)).isEqualTo(9_999);
      assertThat(back.get(JAVA_BYTE, 9_998)).isEqualTo((byte) 'x');
      assertThat(FileCalls.preadCached(fd, back, 10_000)).isZero();
      assertThatThrownBy(() -> FileCalls.preadCached(-1, back, 0)).hasMessageContaining("EBADF");
    }
    FileCalls.close(fd);
  }

  @Test
  void a_name_that_is_in_memory_is_opened_at_once() throws Exception {
    FileCalls.close(create("f"));
    int fd = FileCalls.openCached(dir, name("f"), OpenFlags.O_PATH);
    assertThat(FileCalls.statx(fd, ITSELF, 0).isRegular()).isTrue();
    FileCalls.close(fd);
    FileCalls.unlinkat(dir, name("f"), 0);
    assertThatThrownBy(() -> FileCalls.openCached(dir, name("f"), OpenFlags.O_PATH))
        .hasMessageContaining("ENOENT");
  }

  @Test
  void a_listed_name_is_looked_at_where_it_lies() throws Exception {
    FileCalls.close(create("listed"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocateFrom("..listed");
      StatBuffer stat = new StatBuffer();
      FileCalls.statx(dir, names, 2, AtFlags.AT_SYMLINK_NOFOLLOW, stat);
      assertThat(stat.copy()).isEqualTo(FileCalls.statx(dir, name("listed"), 0));
    }
  }

  @Test
  void a_direct_buffer_moves_by_what_was_transferred_and_a_heap_buffer_is_refused()
      throws Exception {
    int fd = create("f");
    ByteBuffer out = ByteBuffer.allocateDirect(8).put(new byte[] {1, 2, 3}).flip().position(1);
    assertThat(FileCalls.pwrite(fd, out, 0)).isEqualTo(2);
    assertThat(out.hasRemaining()).isFalse();
    ByteBuffer in = ByteBuffer.allocateDirect(8).position(4);
    assertThat(FileCalls.pread(fd, in, 0)).isEqualTo(2);
    assertThat(in.position()).isEqualTo(6);
    assertThat(in.get(4)).isEqualTo((byte) 2);
    assertThatThrownBy(() -> FileCalls.pread(fd, ByteBuffer.allocate(8), 0))
        .isInstanceOf(IllegalArgumentException.class);
    FileCalls.close(fd);
  }

  @Test
  void a_buffer_whose_arena_is_closed_is_refused_before_the_kernel_sees_it() throws Exception {
    int fd = create("f");
    Arena arena = Arena.ofConfined();
    MemorySegment gone = arena.allocate(8);
    arena.close();
    assertThatThrownBy(() -> FileCalls.pread(fd, gone, 0))
        .isInstanceOf(IllegalStateException.class);
    FileCalls.close(fd);
  }

  @Test
  void a_write_past_the_largest_file_is_short_or_refused_never_silent() throws Exception {
    int fd = create("f");
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> FileCalls.pwrite(fd, arena.allocate(8), Long.MAX_VALUE - 3))
          .isInstanceOfSatisfying(
              LinuxException.class, e -> assertThat(e.errno()).isIn(Errno.EFBIG, Errno.EINVAL));
    }
    FileCalls.close(fd);
  }

  @Test
  void truncation_and_both_syncs_work_on_an_open_file() throws Exception {
    int fd = create("f");
    FileCalls.ftruncate(fd, 1L << 33);
    FileCalls.fsync(fd);
    FileCalls.fdatasync(fd);
    Stat stat = FileCalls.statx(dir, name("f"), 0);
    assertThat(stat.size()).isEqualTo(1L << 33);
    assertThat(stat.blocks()).isLessThan(100);
    assertThat(FileCalls.lseek(fd, -1, AtFlags.SEEK_END)).isEqualTo((1L << 33) - 1);
    FileCalls.close(fd);
  }

  @Test
  void an_fd_is_closed_on_exec_and_free_after_close() throws Exception {
    int fd = create("f");
    String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd));
    assertThat(info).containsPattern("flags:\\s+0?2[0-7]*2\n");
    FileCalls.close(fd);
    assertThatThrownBy(() -> FileCalls.close(fd)).hasMessage("close: EBADF (9)");
  }

  @Test
  void a_name_is_bytes_and_need_not_be_utf_8() throws Exception {
    byte[] latin = name("caf\u00e9");
    FileCalls.close(FileCalls.openat(dir, latin, NEW, 0644));
    FileCalls.symlinkat(name("\u00ff/\u00fe"), dir, name("link\u00ff"));
    assertThat(FileCalls.readlinkat(dir, name("link\u00ff"))).isEqualTo(name("\u00ff/\u00fe"));
    FileCalls.renameat(dir, latin, dir, name("th\u00e9"));
    assertThat(FileCalls.statx(dir, name("th\u00e9"), 0).isRegular()).isTrue();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entries = arena.allocate(4096);
      int size = FileCalls.getdents64(dir, entries);
      assertThat(new String(entries.asSlice(0, size).toArray(JAVA_BYTE), ISO_8859_1))
          .contains("th\u00e9\0", "link\u00ff\0");
      assertThat(FileCalls.getdents64(dir, entries)).isZero();
      FileCalls.lseek(dir, 0, AtFlags.SEEK_SET);
      assertThat(FileCalls.getdents64(dir, entries)).isEqualTo(size);
    }
  }

  @Test
  void the_longest_symbolic_link_comes_back_whole() throws Exception {
    byte[] target = name("x".repeat(4095));
    FileCalls.symlinkat(target, dir, name("long"));
    assertThat(FileCalls.readlinkat(dir, name("long"))).isEqualTo(target);
    int link = FileCalls.openat(dir, name("long"), OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0);
    assertThat(FileCalls.readlinkat(link, ITSELF)).isEqualTo(target);
    assertThat(FileCalls.statx(link, ITSELF, 0).isSymbolicLink()).isTrue();
    FileCalls.close(link);
  }

  @Test
  void links_renames_and_removals_change_the_names_only() throws Exception {
    FileCalls.close(create("a"));
    FileCalls.linkat(dir, name("a"), dir, name("b"), 0);
    Stat a = FileCalls.statx(dir, name("a"), 0);
    assertThat(a.links()).isEqualTo(2);
    assertThat(FileCalls.statx(dir, name("b"), 0).inode()).isEqualTo(a.inode());
    FileCalls.close(create("c"));
    assertThatThrownBy(
            () -> FileCalls.renameat2(dir, name("a"), dir, name("c"), AtFlags.RENAME_NOREPLACE))
        .hasMessage("renameat2: EEXIST (17)");
    FileCalls.renameat2(dir, name("a"), dir, name("c"), AtFlags.RENAME_EXCHANGE);
    assertThat(FileCalls.statx(dir, name("c"), 0).inode()).isEqualTo(a.inode());
    FileCalls.unlinkat(dir, name("b"), 0);
    assertThat(FileCalls.statx(dir, name("c"), 0).links()).isEqualTo(1);
    FileCalls.mkdirat(dir, name("d"), 0755);
    FileCalls.unlinkat(dir, name("d"), AtFlags.AT_REMOVEDIR);
    assertThatThrownBy(() -> FileCalls.statx(dir, name("d"), 0)).hasMessage("statx: ENOENT (2)");
  }

  @Test
  void mode_and_times_are_set_to_the_nanosecond_and_beyond_2038() throws Exception {
    int fd = create("f");
    FileCalls.fchmod(fd, 01640);
    assertThat(FileCalls.statx(fd, ITSELF, 0).permissions()).isEqualTo(01640);
    FileCalls.fchmodat(dir, name("f"), 0600);
    FileCalls.utimensat(dir, name("f"), 1, 999_999_999, 4_000_000_000L, 123_456_789);
    Stat stat = FileCalls.statx(dir, name("f"), 0);
    assertThat(stat.permissions()).isEqualTo(0600);
    assertThat(stat.access()).isEqualTo(new Stat.Time(1, 999_999_999));
    assertThat(stat.modify()).isEqualTo(new Stat.Time(4_000_000_000L, 123_456_789));
    FileCalls.utimensat(fd, ITSELF, 0, AtFlags.UTIME_OMIT, 5, 6);
    stat = FileCalls.statx(fd, ITSELF, 0);
    assertThat(stat.access()).isEqualTo(new Stat.Time(1, 999_999_999));
    assertThat(stat.modify()).isEqualTo(new Stat.Time(5, 6));
    FileCalls.utimensat(fd, ITSELF, 0, AtFlags.UTIME_NOW, 0, AtFlags.UTIME_OMIT);
    assertThat(FileCalls.statx(fd, ITSELF, 0).access().seconds()).isGreaterThan(1_000_000_000);
    FileCalls.close(fd);
  }

  @Test
  void an_o_path_fd_reaches_times_and_mode_of_a_fifo_without_opening_it() throws Exception {
    FileCalls.mknodat(dir, name("fifo"), FileModes.S_IFIFO | 0600, 0, 0);
    int fd = FileCalls.openat(dir, name("fifo"), OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0);
    FileCalls.utimensat(fd, ITSELF, 1, 2, 3, 4);
    FileCalls.fchmodat(AtFlags.AT_FDCWD, name(FileCalls.procFdPath(fd)), 0622);
    Stat stat = FileCalls.statx(fd, ITSELF, 0);
    assertThat(stat.kind()).isEqualTo(FileModes.S_IFIFO);
    assertThat(stat.modify()).isEqualTo(new Stat.Time(3, 4));
    assertThat(stat.permissions()).isEqualTo(0622);
    assertThatThrownBy(() -> FileCalls.fchmod(fd, 0600)).hasMessage("fchmod: EBADF (9)");
    FileCalls.close(fd);
  }

  @Test
  void device_numbers_keep_all_their_bits() throws Exception {
    Here.needs(Capability.MKNOD);
    FileCalls.mknodat(dir, name("char"), FileModes.S_IFCHR | 0600, 4095, 0xfffff);
    FileCalls.mknodat(dir, name("block"), FileModes.S_IFBLK | 0600, 259, 300);
    FileCalls.mknodat(dir, name("socket"), FileModes.S_IFSOCK | 0600, 0, 0);
    FileCalls.mknodat(dir, name("null"), FileModes.S_IFCHR | 0600, 1, 3);
    assertThat(FileCalls.statx(dir, name("char"), 0).device())
        .isEqualTo(new Stat.Device(4095, 0xfffff));
    Stat block = FileCalls.statx(dir, name("block"), 0);
    assertThat(block.kind()).isEqualTo(FileModes.S_IFBLK);
    assertThat(block.device()).isEqualTo(new Stat.Device(259, 300));
    assertThat(FileCalls.statx(dir, name("socket"), 0).kind()).isEqualTo(FileModes.S_IFSOCK);
    assertThat(FileCalls.statx(dir, name("null"), 0).device()).isEqualTo(new Stat.Device(1, 3));
    assertThatThrownBy(() -> FileCalls.mknodat(dir, name("n"), FileModes.S_IFCHR, 4096, 0))
        .hasMessage("mknodat: EINVAL (22)");
    assertThatThrownBy(() -> FileCalls.mknodat(dir, name("n"), FileModes.S_IFCHR, 0, 1 << 20))
        .hasMessage("mknodat: EINVAL (22)");
  }

  @Test
  void ownership_takes_ids_above_2_to_the_31() throws Exception {
    Here.needs(Capability.CHOWN);
    int fd = create("f");
    FileCalls.fchown(fd, 0xfffffff0, 7);
    FileCalls.symlinkat(name("f"), dir, name("link"));
    FileCalls.fchownat(dir, name("link"), 5, -1, AtFlags.AT_SYMLINK_NOFOLLOW);
    Stat stat = FileCalls.statx(fd, ITSELF, 0);
    assertThat(stat.uid()).isEqualTo(0xfffffff0);
    assertThat(stat.gid()).isEqualTo(7);
    assertThat(FileCalls.statx(dir, name("link"), AtFlags.AT_SYMLINK_NOFOLLOW).uid()).isEqualTo(5);
    FileCalls.close(fd);
  }

  @Test
  void without_a_umask_a_mode_is_taken_as_it_is() throws Exception {
    int before = FileCalls.umask(0);
    try {
      FileCalls.close(FileCalls.openat(dir, name("open"), NEW, 0666));
      FileCalls.mkdirat(dir, name("d"), 01777);
    } finally {
      assertThat(FileCalls.umask(before)).isZero();
    }
    assertThat(FileCalls.statx(dir, name("open"), 0).permissions()).isEqualTo(0666);
    assertThat(FileCalls.statx(dir, name("d"), 0).permissions()).isEqualTo(01777);
  }

  @Test
  void room_in_the_file_system_is_what_the_jdk_sees() throws Exception {
    StatVfs room = FileCalls.fstatvfs(dir);
    var store = Files.getFileStore(path);
    assertThat(room.blocks() * room.fragmentSize()).isEqualTo(store.getTotalSpace());
    assertThat(room.nameMax()).isEqualTo(255);
    assertThat(room.files()).isGreaterThanOrEqualTo(room.freeFiles());
    assertThat(room.available()).isLessThanOrEqualTo(room.free());
    assertThat(room.flags() & StatVfs.ST_RDONLY).isZero();
  }

  @Test
  void an_access_check_asks_for_the_ids_of_this_thread() throws Exception {
    FileCalls.close(create("f"));
    FileCalls.fchmodat(dir, name("f"), 0);
    FileCalls.faccessat2(dir, name("f"), AtFlags.F_OK, AtFlags.AT_EACCESS);
    assertThatThrownBy(() -> FileCalls.faccessat2(dir, name("f"), AtFlags.X_OK, AtFlags.AT_EACCESS))
        .hasMessage("faccessat2: EACCES (13)"); // even for root: no execute bit at all
  }
}
