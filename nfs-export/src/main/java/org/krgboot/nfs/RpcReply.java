package org.krgboot.nfs;

/** Heads of replies, RFC 5531 section 9. */
final class RpcReply {
  private static final int REPLY = 1;
  private static final int ACCEPTED = 0;
  private static final int DENIED = 1;

  /** The accept_stat of RFC 5531 section 9. */
  enum Status {
    SUCCESS(0),
    PROGRAM_UNAVAILABLE(1),
    PROGRAM_MISMATCH(2),
    PROCEDURE_UNAVAILABLE(3),
    GARBAGE_ARGUMENTS(4),
    SYSTEM_ERROR(5);

    private final int code;

    Status(int code) {
      this.code = code;
    }
  }

  private RpcReply() {}

  /** The head of an answer that got as far as {@code status}; results follow. */
  static void accepted(XdrWriter out, int xid, Status status) {
    out.u32(xid);
    out.u32(REPLY);
    out.u32(ACCEPTED);
    out.u64(RpcMessage.AUTH_NONE); // our verifier: no flavour, no bytes
    out.u32(status.code);
  }

  static void versionMismatch(XdrWriter out, int xid, int low, int high) {
    accepted(out, xid, Status.PROGRAM_MISMATCH);
    out.u32(low);
    out.u32(high);
  }

  static void denied(XdrWriter out, RpcMessage.Denied denied) {
    out.u32(denied.xid());
    out.u32(REPLY);
    out.u32(DENIED);
    switch (denied.why()) {
      case RPC_MISMATCH -> {
        out.u32(0);
        out.u32(RpcMessage.RPC_VERSION);
        out.u32(RpcMessage.RPC_VERSION);
      }
      case BAD_CREDENTIAL, REJECTED_CREDENTIAL, TOO_WEAK -> {
        out.u32(1);
        out.u32(denied.why().status());
      }
    }
  }
}
