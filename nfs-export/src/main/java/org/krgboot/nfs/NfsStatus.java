package org.krgboot.nfs;

import java.io.IOException;
import org.krgboot.linux.Errno;
import org.krgboot.linux.LinuxException;

/** The nfsstat3 of RFC 1813 section 2.6. */
enum NfsStatus {
  OK(0),
  PERM(1),
  NOENT(2),
  IO(5),
  NXIO(6),
  ACCES(13),
  EXIST(17),
  XDEV(18),
  NODEV(19),
  NOTDIR(20),
  ISDIR(21),
  INVAL(22),
  FBIG(27),
  NOSPC(28),
  ROFS(30),
  MLINK(31),
  NAMETOOLONG(63),
  NOTEMPTY(66),
  DQUOT(69),
  STALE(70),
  BADHANDLE(10001),
  NOT_SYNC(10002),
  BAD_COOKIE(10003),
  NOTSUPP(10004),
  TOOSMALL(10005),
  SERVERFAULT(10006),
  BADTYPE(10007),
  JUKEBOX(10008);

  private final int code;

  NfsStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** What to tell a client of this failure. */
  static NfsStatus of(IOException failure) {
    return switch (failure) {
      case NfsException refusal -> refusal.status();
      case LinuxException error -> of(error.errno());
      default -> IO;
    };
  }

  private static NfsStatus of(Errno errno) {
    return switch (errno) {
      case EPERM -> PERM;
      case ENOENT -> NOENT;
      case ENXIO -> NXIO;
      case EACCES, ETXTBSY -> ACCES;
      case EEXIST -> EXIST;
      case EXDEV -> XDEV;
      case ENODEV -> NODEV;
      case ENOTDIR -> NOTDIR;
      case EISDIR -> ISDIR;
      case EINVAL, ELOOP, EBUSY -> INVAL;
      case EFBIG, EOVERFLOW -> FBIG;
      case ENOSPC -> NOSPC;
      case EROFS -> ROFS;
      case EMLINK -> MLINK;
      case ENAMETOOLONG -> NAMETOOLONG;
      case ENOTEMPTY -> NOTEMPTY;
      case EDQUOT -> DQUOT;
      case ESTALE -> STALE;
      case EOPNOTSUPP, ENOSYS -> NOTSUPP;
      case EMFILE, ENFILE, ENOMEM, EAGAIN -> JUKEBOX; // "try again later", section 2.6
      default -> IO;
    };
  }
}
