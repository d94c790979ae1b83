package org.krgboot.nfs.wire;

/** Who calls: a credential as it goes on the wire, RFC 1057 section 9. */
record Caller(int flavor, byte[] body) {
  static final Caller NONE = new Caller(0, new byte[0]);
  static final Caller ROOT = user(0, 0);

  /** AUTH_SYS (AUTH_UNIX), RFC 1057 section 9.2. */
  static Caller user(int uid, int gid, int... groups) {
    XdrOut body = new XdrOut().word(0x5eed).opaque("krgnode07".getBytes()).words(uid, gid);
    return new Caller(1, body.word(groups.length).words(groups).bytes());
  }
}
