package org.krgboot.nfs.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.Limits;
import org.krgboot.nfs.NfsConfig;
import org.krgboot.nfs.NfsServer;

/** A server on ports of its own. The only place here that knows the server's classes. */
final class Served implements AutoCloseable {
  private static final int LOOPBACK = 127 << 24 | 1;

  private final NfsServer server;

  private Served(NfsServer server) {
    this.server = server;
  }

  static Served on(Path state, Export... exports) throws IOException {
    NfsConfig config =
        new NfsConfig(
            new Ipv4(LOOPBACK),
            NfsConfig.EPHEMERAL,
            NfsConfig.EPHEMERAL,
            NfsConfig.EPHEMERAL,
            List.of(exports),
            state,
            Limits.DEFAULTS);
    return new Served(NfsServer.start(config, event -> {}, InstantSource.system()));
  }

  int nfsPort() {
    return server.nfsPort();
  }

  int mountPort() {
    return server.mountPort();
  }

  int portmapPort() {
    return server.portmapPort();
  }

  /** MOUNT v3 over TCP, RFC 1813 section 5.2.1. */
  byte[] mount(String path) throws IOException {
    return mount(mountPort(), path);
  }

  /** As {@link #mount(String)}, of a server in whatever process. */
  static byte[] mount(int mountPort, String path) throws IOException {
    try (TcpTransport tcp = new TcpTransport(mountPort)) {
      RpcReply reply = mnt(tcp, path);
      Status status = Status.read(reply.body());
      if (status != Status.OK) {
        throw new AssertionError("MNT " + path + ": " + status);
      }
      return reply.body().opaque();
    }
  }

  /** The same over a connection of one's own; the status comes first in the reply's body. */
  static RpcReply mnt(TcpTransport tcp, String path) throws IOException {
    XdrOut out = new XdrOut().opaque(NfsClient.bytes(path));
    return tcp.call(Transport.MOUNT, 3, 1, Caller.ROOT, out.bytes());
  }

  Map<String, Long> counters() {
    return server.counters();
  }

  void replaceExports(List<Export> exports) throws IOException {
    server.replaceExports(exports);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
