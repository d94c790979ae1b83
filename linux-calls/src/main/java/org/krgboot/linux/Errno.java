package org.krgboot.linux;

import java.util.Arrays;

/**
 * The errors that a file server or a network call meets, errno(3). The numbers are those of Linux
 * asm-generic/errno-base.h and errno.h, the same on x86-64 and aarch64.
 */
public enum Errno {
  EPERM(1),
  ENOENT(2),
  ESRCH(3),
  EINTR(4),
  EIO(5),
  ENXIO(6),
  E2BIG(7),
  EBADF(9),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EFAULT(14),
  EBUSY(16),
  EEXIST(17),
  EXDEV(18),
  ENODEV(19),
  ENOTDIR(20),
  EISDIR(21),
  EINVAL(22),
  ENFILE(23),
  EMFILE(24),
  ENOTTY(25),
  ETXTBSY(26),
  EFBIG(27),
  ENOSPC(28),
  ESPIPE(29),
  EROFS(30),
  EMLINK(31),
  EPIPE(32),
  EDOM(33),
  ERANGE(34),
  ENAMETOOLONG(36),
  ENOSYS(38),
  ENOTEMPTY(39),
  ELOOP(40),
  ENODATA(61),
  EREMOTE(66),
  EPROTO(71),
  EOVERFLOW(75),
  EUSERS(87),
  EDESTADDRREQ(89),
  EMSGSIZE(90),
  EOPNOTSUPP(95),
  EAFNOSUPPORT(97),
  EADDRINUSE(98),
  EADDRNOTAVAIL(99),
  ENETDOWN(100),
  ENETUNREACH(101),
  ENOBUFS(105),
  ENOTCONN(107),
  ETIMEDOUT(110),
  ECONNREFUSED(111),
  EHOSTUNREACH(113),
  ESTALE(116),
  EDQUOT(122),
  /** Any error not named above; {@link LinuxException#number} has its number. */
  OTHER(0);

  private static final Errno[] BY_NUMBER = byNumber();

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** The kernel's number, 0 for {@link #OTHER}. */
  public int number() {
    return number;
  }

  /** The error with this number, {@link #OTHER} if it is none of ours. */
  public static Errno of(int number) {
    return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : OTHER;
  }

  private static Errno[] byNumber() {
    Errno[] table = new Errno[134];
    Arrays.fill(table, OTHER);
    for (Errno errno : values()) {
      table[errno.number] = errno;
    }
    return table;
  }
}
