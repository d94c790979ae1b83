package org.krgboot.nfs;

/** Names of directory entries: bytes, of which only a few are special. */
final class Names {
  /** Linux limits.h, NAME_MAX. */
  static final int MAX = 255;

  private Names() {}

  static boolean isParent(byte[] name) {
    return name.length == 2 && name[0] == '.' && name[1] == '.';
  }

  static boolean isDots(byte[] name) {
    return isParent(name) || (name.length == 1 && name[0] == '.');
  }

  /** One path component, or a refusal. */
  static void check(byte[] name) throws NfsException {
    if (name.length > MAX) {
      throw new NfsException(NfsStatus.NAMETOOLONG);
    }
    if (name.length == 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    for (byte each : name) {
      if (each == '/' || each == 0) { // RFC 1813 section 3.2: a name that cannot be is ACCES
        throw new NfsException(NfsStatus.ACCES);
      }
    }
  }

  /** A name that can be made; "." and ".." are there already. */
  static void checkNew(byte[] name) throws NfsException {
    check(name);
    if (isDots(name)) {
      throw new NfsException(NfsStatus.EXIST);
    }
  }

  /** A name that can be taken away. */
  static void checkOld(byte[] name) throws NfsException {
    check(name);
    if (isDots(name)) {
      throw new NfsException(isParent(name) ? NfsStatus.EXIST : NfsStatus.INVAL);
    }
  }
}
