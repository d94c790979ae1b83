package org.krgboot.nfs.wire;

/** A reply, RFC 1057 section 8. {@code low} and {@code high} count where versions mismatch. */
record RpcReply(int xid, Outcome outcome, int low, int high, XdrIn body) {
  enum Outcome {
    SUCCESS,
    PROG_UNAVAIL,
    PROG_MISMATCH,
    PROC_UNAVAIL,
    GARBAGE_ARGS,
    SYSTEM_ERR,
    RPC_MISMATCH,
    AUTH_ERROR
  }

  static byte[] call(int xid, int[] programVersionProcedure, Caller caller, byte[] arguments) {
    XdrOut out = new XdrOut().words(xid, 0, 2).words(programVersionProcedure);
    out.word(caller.flavor()).opaque(caller.body()).words(0, 0);
    return out.raw(arguments).bytes();
  }

  static RpcReply read(byte[] bytes) {
    XdrIn in = new XdrIn(bytes);
    int xid = in.word();
    if (in.word() != 1) {
      throw new AssertionError("not a reply");
    }
    return in.bool() ? denied(xid, in) : accepted(xid, in);
  }

  private static RpcReply denied(int xid, XdrIn in) {
    if (in.bool()) {
      return new RpcReply(xid, Outcome.AUTH_ERROR, in.word(), 0, in);
    }
    return new RpcReply(xid, Outcome.RPC_MISMATCH, in.word(), in.word(), in);
  }

  private static RpcReply accepted(int xid, XdrIn in) {
    in.word(); // the verifier's flavor
    in.opaque();
    Outcome outcome = Outcome.values()[in.word()];
    if (outcome == Outcome.PROG_MISMATCH) {
      return new RpcReply(xid, outcome, in.word(), in.word(), in);
    }
    return new RpcReply(xid, outcome, 0, 0, in);
  }
}
