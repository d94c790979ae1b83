package org.krgboot.nfs.wire;

import java.io.IOException;

/** What carries calls to one port. */
interface Transport extends AutoCloseable {
  int NFS = 100003;
  int MOUNT = 100005;
  int PORTMAP = 100000;

  /** Sends bytes as one call and gives the reply; they need not be a sound call. */
  RpcReply exchange(byte[] call) throws IOException;

  int nextXid();

  default RpcReply call(int program, int version, int procedure, Caller caller, byte[] arguments)
      throws IOException {
    int xid = nextXid();
    int[] what = {program, version, procedure};
    RpcReply reply = exchange(RpcReply.call(xid, what, caller, arguments));
    if (reply.xid() != xid) {
      throw new AssertionError("the reply to " + xid + " says " + reply.xid());
    }
    return reply;
  }

  @Override
  void close() throws IOException;
}
