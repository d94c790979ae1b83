package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.krgboot.linux.Here.name;

import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ErrnoTest {
  @TempDir Path path;

  private static void assertFails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .asInstanceOf(type(LinuxException.class))
        .extracting(LinuxException::errno)
        .isEqualTo(errno);
  }

  @Test
  void the_kernels_refusals_come_back_as_what_they_are() throws Exception {
    int dir = Here.directory(path);
    FileCalls.mkdirat(dir, name("d"), 0755);
    FileCalls.mkdirat(dir, name("d/e"), 0755);
    FileCalls.close(FileCalls.openat(dir, name("f"), OpenFlags.O_CREAT, 0644));
    FileCalls.symlinkat(name("loop"), dir, name("loop"));
    assertFails(Errno.ENOENT, () -> FileCalls.statx(dir, name("none"), 0));
    assertFails(Errno.EEXIST, () -> FileCalls.mkdirat(dir, name("d"), 0755));
    assertFails(Errno.ENOTDIR, () -> FileCalls.mkdirat(dir, name("f/x"), 0755));
    assertFails(Errno.EISDIR, () -> FileCalls.openat(dir, name("d"), OpenFlags.O_RDWR, 0));
    assertFails(Errno.EISDIR, () -> FileCalls.unlinkat(dir, name("d"), 0));
    assertFails(Errno.ENOTDIR, () -> FileCalls.unlinkat(dir, name("f"), AtFlags.AT_REMOVEDIR));
    assertFails(Errno.ENOTEMPTY, () -> FileCalls.unlinkat(dir, name("d"), AtFlags.AT_REMOVEDIR));
    assertFails(Errno.EINVAL, () -> FileCalls.renameat(dir, name("d"), dir, name("d/x")));
    assertFails(Errno.EINVAL, () -> FileCalls.readlinkat(dir, name("f")));
    assertFails(Errno.ELOOP, () -> FileCalls.openat(dir, name("loop"), 0, 0));
    assertFails(Errno.ENAMETOOLONG, () -> FileCalls.statx(dir, name("x".repeat(256)), 0));
    assertFails(Errno.EBADF, () -> FileCalls.fsync(-1));
    assertFails(Errno.ENOTTY, () -> Scratch.mine().call(SystemCall.IOCTL, dir, 0x5401, 0));
    FileCalls.close(dir);
  }

  @Test
  void a_rename_to_another_file_system_is_exdev() throws Exception {
    int dir = Here.directory(path);
    FileCalls.close(FileCalls.openat(dir, name("f"), OpenFlags.O_CREAT, 0644));
    int proc = Here.directory(Path.of("/proc/self"));
    assertFails(Errno.EXDEV, () -> FileCalls.renameat(dir, name("f"), proc, name("f")));
    FileCalls.close(proc);
    FileCalls.close(dir);
  }

  @Test
  void a_name_with_a_nul_or_longer_than_a_path_never_reaches_the_kernel() {
    assertFails(Errno.EINVAL, () -> FileCalls.open(name("/tmp\0/x"), 0, 0));
    assertFails(Errno.ENAMETOOLONG, () -> FileCalls.open(new byte[4096], 0, 0));
    assertFails(Errno.EINVAL, () -> FileCalls.open(new byte[4095], 0, 0));
    assertFails(Errno.ENAMETOOLONG, () -> FileCalls.open(name("x".repeat(4096)), 0, 0));
    assertFails(Errno.ENAMETOOLONG, () -> FileCalls.open(name("x".repeat(4095)), 0, 0));
  }

  @Test
  void an_unknown_number_keeps_its_number_and_every_known_one_is_found_again() {
    assertThat(new LinuxException("call", 95).errno()).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(new LinuxException("call", 132)).hasMessage("call: OTHER (132)");
    assertThat(new LinuxException("call", 4000)).hasMessage("call: OTHER (4000)");
    assertThat(Errno.of(0)).isEqualTo(Errno.OTHER);
    assertThat(Errno.of(-5)).isEqualTo(Errno.OTHER);
    for (Errno errno : Errno.values()) {
      assertThat(Errno.of(errno.number())).isEqualTo(errno);
    }
  }

  @Test
  void a_refusal_carries_no_stack_trace() {
    assertThat(new LinuxException("call", Errno.ENOENT).getStackTrace()).isEmpty();
  }
}
