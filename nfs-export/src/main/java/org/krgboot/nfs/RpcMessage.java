package org.krgboot.nfs;

import java.util.ArrayList;
import java.util.List;

/** A message that came in, RFC 5531 section 9. */
sealed interface RpcMessage {
  /** A call; its arguments follow in the reader. */
  record Call(int xid, int program, int version, int procedure, Credential credential)
      implements RpcMessage {}

  /** A call that is refused before anybody looks for its program. */
  record Denied(int xid, Why why) implements RpcMessage {}

  /** Not a call. */
  record Ignored() implements RpcMessage {}

  /** Why a call is denied; {@code status} is the auth_stat of RFC 5531 section 9. */
  enum Why {
    RPC_MISMATCH(0),
    BAD_CREDENTIAL(1),
    REJECTED_CREDENTIAL(2),
    TOO_WEAK(5);

    private final int status;

    Why(int status) {
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  int RPC_VERSION = 2;

  /** Where a call says what it is for, RFC 5531 section 9: xid, direction, version, program... */
  int PROGRAM_AT = 12;

  int PROCEDURE_AT = 20;
  int HEAD = 24;

  /** RFC 5531 section 8.2. */
  int MAX_AUTH_BODY = 400;

  int MAX_GROUPS = 16;
  int MAX_MACHINE_NAME = 255;

  /** Numbers of the authentication flavours, RFC 5531 section 8.2. */
  int AUTH_NONE = 0;

  int AUTH_SYS = 1;
  int AUTH_SHORT = 2;

  /**
   * Reads the head of a call and leaves the reader at its arguments.
   *
   * @throws MalformedException if the bytes are not a message at all
   */
  static RpcMessage decode(XdrReader in) {
    int xid = in.u32();
    if (in.u32() != 0) {
      return new Ignored();
    }
    if (in.u32() != RPC_VERSION) {
      return new Denied(xid, Why.RPC_MISMATCH);
    }
    int program = in.u32();
    int version = in.u32();
    int procedure = in.u32();
    int flavour = in.u32();
    XdrReader body = new XdrReader(in.opaqueInPlace(MAX_AUTH_BODY));
    in.u32();
    in.opaqueInPlace(MAX_AUTH_BODY); // the verifier: AUTH_SYS has none
    return switch (flavour) {
      case AUTH_NONE -> new Call(xid, program, version, procedure, new Credential.Nobody());
      case AUTH_SYS -> authSys(xid, program, version, procedure, body);
      case AUTH_SHORT -> new Denied(xid, Why.REJECTED_CREDENTIAL);
      default -> new Denied(xid, Why.TOO_WEAK);
    };
  }

  private static RpcMessage authSys(
      int xid, int program, int version, int procedure, XdrReader body) {
    try {
      return new Call(xid, program, version, procedure, user(body));
    } catch (MalformedException e) {
      return new Denied(xid, Why.BAD_CREDENTIAL);
    }
  }

  /** RFC 5531 appendix A. */
  private static Credential.User user(XdrReader body) {
    body.u32(); // the stamp
    body.opaqueInPlace(MAX_MACHINE_NAME);
    int uid = body.u32();
    int gid = body.u32();
    int count = body.u32();
    if (count < 0 || count > MAX_GROUPS) {
      throw new MalformedException("more than 16 groups");
    }
    List<Integer> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      groups.add(body.u32());
    }
    return new Credential.User(uid, gid, groups);
  }
}
