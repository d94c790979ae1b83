package org.krgboot.nfs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.nfs.PortmapProgram.Mapping;

/** Calls to a portmapper, and its answers: the client's side of RFC 1833 section 3. */
final class PortmapMessage {
  /** No portmapper holds more in one datagram. */
  private static final int MOST_MAPPINGS = 4096;

  private static final int LONGEST_CALL = 64;

  private PortmapMessage() {}

  /** A call without arguments and without credentials, of any program. */
  static byte[] call(int xid, int program, int version, int procedure) {
    return bytes(head(xid, program, version, procedure));
  }

  /** A call of the portmapper about one mapping. */
  static byte[] call(int xid, int procedure, Mapping about) {
    ByteBuffer out = head(xid, PortmapProgram.NUMBER, PortmapProgram.VERSION, procedure);
    out.putInt(about.program()).putInt(about.version());
    return bytes(out.putInt(about.protocol()).putInt(about.port()));
  }

  private static ByteBuffer head(int xid, int program, int version, int procedure) {
    ByteBuffer out = ByteBuffer.allocate(LONGEST_CALL);
    out.putInt(xid).putInt(0).putInt(RpcMessage.RPC_VERSION);
    out.putInt(program).putInt(version).putInt(procedure);
    out.putLong(RpcMessage.AUTH_NONE); // the credential, without bytes
    return out.putLong(RpcMessage.AUTH_NONE); // the verifier
  }

  private static byte[] bytes(ByteBuffer written) {
    byte[] bytes = new byte[written.position()];
    written.get(0, bytes);
    return bytes;
  }

  /**
   * Reads the head of the answer to a call and leaves the reader at its results.
   *
   * @return the results, or empty if it was refused or is the answer to another call
   * @throws MalformedException if the bytes are not an answer at all
   */
  static Optional<XdrReader> results(int xid, ByteBuffer answer) {
    XdrReader in = new XdrReader(answer);
    int answered = in.u32();
    int direction = in.u32();
    int denied = in.u32();
    if (answered != xid || direction != 1 || denied != 0) {
      return Optional.empty();
    }
    in.u32();
    in.opaqueInPlace(RpcMessage.MAX_AUTH_BODY);
    return in.u32() == 0 ? Optional.of(in) : Optional.empty();
  }

  /**
   * The results of DUMP. Mappings of other transports than ours are left out.
   *
   * @throws MalformedException if they are not a list of mappings
   */
  static List<Mapping> dumped(XdrReader in) {
    List<Mapping> all = new ArrayList<>();
    for (int i = 0; in.bool(); i++) {
      if (i == MOST_MAPPINGS) {
        throw new MalformedException("more than " + MOST_MAPPINGS + " mappings");
      }
      PortmapProgram.Query entry = PortmapProgram.Query.decode(in);
      for (Peer.Transport transport : Peer.Transport.values()) {
        Mapping mapping = new Mapping(entry.program(), entry.version(), transport, entry.port());
        if (mapping.protocol() == entry.protocol()) {
          all.add(mapping);
        }
      }
    }
    return all;
  }
}
