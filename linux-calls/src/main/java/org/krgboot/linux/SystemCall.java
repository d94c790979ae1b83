package org.krgboot.linux;

import java.util.Locale;

/**
 * System call numbers. First column x86-64: Linux arch/x86/entry/syscalls/syscall_64.tbl; second
 * aarch64: include/uapi/asm-generic/unistd.h.
 */
enum SystemCall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  LSEEK(8, 62),
  IOCTL(16, 29),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  SENDFILE(40, 71),
  SOCKET(41, 198),
  CONNECT(42, 203),
  SENDTO(44, 206),
  RECVFROM(45, 207),
  SENDMSG(46, 211),
  RECVMSG(47, 212),
  SHUTDOWN(48, 210),
  BIND(49, 200),
  LISTEN(50, 201),
  GETSOCKNAME(51, 204),
  SETSOCKOPT(54, 208),
  FCNTL(72, 25),
  FSYNC(74, 82),
  FDATASYNC(75, 83),
  FTRUNCATE(77, 46),
  FCHMOD(91, 52),
  FCHOWN(93, 55),
  UMASK(95, 166),
  GETGROUPS(115, 158),
  SETGROUPS(116, 159),
  SETFSUID(122, 151),
  SETFSGID(123, 152),
  CAPGET(125, 90),
  CAPSET(126, 91),
  FSTATFS(138, 44),
  ADJTIMEX(159, 171),
  GETDENTS64(217, 61),
  EPOLL_CTL(233, 21),
  OPENAT(257, 56),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  FCHOWNAT(260, 54),
  UNLINKAT(263, 35),
  LINKAT(265, 37),
  SYMLINKAT(266, 36),
  READLINKAT(267, 78),
  FCHMODAT(268, 53),
  UNSHARE(272, 97),
  SPLICE(275, 76),
  UTIMENSAT(280, 88),
  EPOLL_PWAIT(281, 22),
  TIMERFD_CREATE(283, 85),
  TIMERFD_SETTIME(286, 86),
  ACCEPT4(288, 242),
  EVENTFD2(290, 19),
  EPOLL_CREATE1(291, 20),
  PIPE2(293, 59),
  NAME_TO_HANDLE_AT(303, 264),
  OPEN_BY_HANDLE_AT(304, 265),
  RENAMEAT2(316, 276),
  PREADV2(327, 286),
  STATX(332, 291),
  OPENAT2(437, 437),
  FACCESSAT2(439, 439);

  /** The number on this machine. */
  final long number;

  private final int x86;
  private final int arm;

  SystemCall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
    this.number = numberOn(Architecture.HERE);
  }

  int numberOn(Architecture architecture) {
    return architecture.pick(x86, arm);
  }

  /** The name in the manual, section 2. */
  String manualName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
