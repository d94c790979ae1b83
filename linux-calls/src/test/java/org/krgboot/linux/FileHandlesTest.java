package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.linux.Here.ITSELF;
import static org.krgboot.linux.Here.name;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileHandlesTest {
  @TempDir Path path;
  private int dir;

  @BeforeEach
  void open() throws LinuxException {
    Here.needs(Capability.DAC_READ_SEARCH);
    dir = Here.directory(path);
  }

  @AfterEach
  void close() throws LinuxException {
    if (dir > 0) {
      FileCalls.close(dir);
    }
  }

  private byte[] handleOf(String name) throws LinuxException {
    int fd = FileCalls.openat(dir, name(name), OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0);
    try {
      return FileHandles.nameToHandle(fd);
    } finally {
      FileCalls.close(fd);
    }
  }

  private void create(String name) throws LinuxException {
    FileCalls.close(FileCalls.openat(dir, name(name), OpenFlags.O_CREAT, 0644));
  }

  @Test
  void a_handle_survives_rename_and_names_the_same_file_by_every_link() throws Exception {
    create("a");
    byte[] handle = handleOf("a");
    long inode = FileCalls.statx(dir, name("a"), 0).inode();
    FileCalls.mkdirat(dir, name("d"), 0755);
    FileCalls.renameat(dir, name("a"), dir, name("d/b"));
    FileCalls.linkat(dir, name("d/b"), dir, name("c"), 0);
    assertThat(handleOf("d/b")).isEqualTo(handle);
    assertThat(handleOf("c")).isEqualTo(handle);
    assertThat(handle).hasSizeBetween(5, 4 + FileHandles.MAX_HANDLE_SIZE);
    int fd = FileHandles.openByHandle(dir, handle, OpenFlags.O_PATH);
    assertThat(FileCalls.statx(fd, ITSELF, 0).inode()).isEqualTo(inode);
    FileCalls.close(fd);
  }

  @Test
  void a_handle_of_a_deleted_file_is_stale_even_if_the_inode_lives_again() throws Exception {
    create("a");
    byte[] handle = handleOf("a");
    FileCalls.unlinkat(dir, name("a"), 0);
    assertThatThrownBy(() -> FileHandles.openByHandle(dir, handle, OpenFlags.O_PATH))
        .hasMessage("open_by_handle_at: ESTALE (116)");
    create("b"); // ext4 gives it the same inode number, as a rule
    assertThatThrownBy(() -> FileHandles.openByHandle(dir, handle, OpenFlags.O_PATH))
        .hasMessage("open_by_handle_at: ESTALE (116)");
  }

  @Test
  void garbage_of_every_length_is_refused() throws Exception {
    for (int length = 0; length <= 140; length++) {
      byte[] garbage = new byte[length];
      Arrays.fill(garbage, (byte) 0x5a);
      assertThatThrownBy(() -> FileHandles.openByHandle(dir, garbage, OpenFlags.O_PATH))
          .isInstanceOfSatisfying(
              LinuxException.class, e -> assertThat(e.errno()).isIn(Errno.EINVAL, Errno.ESTALE));
    }
  }

  @Test
  void the_mount_is_the_one_that_statx_names() throws Exception {
    assertThat(FileHandles.mountId(dir)).isEqualTo((int) FileCalls.statx(dir, ITSELF, 0).mountId());
    int proc = Here.directory(Path.of("/proc"));
    assertThat(FileCalls.statx(proc, ITSELF, 0).mountId())
        .isNotEqualTo(FileCalls.statx(dir, ITSELF, 0).mountId());
    FileCalls.close(proc);
  }

  @Test
  void a_handle_of_a_symbolic_link_is_of_the_link() throws Exception {
    FileCalls.symlinkat(name("nowhere"), dir, name("link"));
    byte[] handle = handleOf("link");
    int fd = FileHandles.openByHandle(dir, handle, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW);
    assertThat(FileCalls.readlinkat(fd, ITSELF)).isEqualTo(name("nowhere"));
    FileCalls.close(fd);
  }
}
