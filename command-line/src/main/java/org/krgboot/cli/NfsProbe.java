package org.krgboot.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.NfsConfig;

/**
 * Mounts an export of the running daemon as a node's kernel does, by portmap, MOUNT and NFS, and
 * reads a file of it. Needs nothing of this machine's kernel; shares no code with the server.
 */
final class NfsProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final int LONGEST_ANSWER = 64 << 10;

  /** RFC 1833 section 3, RFC 1813 section 5 and 3. */
  private static final int PORTMAP = 100000;

  private static final int MOUNT = 100005;
  private static final int NFS = 100003;
  private static final int GETPORT = 3;

  /** A reply (1), accepted (0). */
  private static final long ACCEPTED_REPLY = 1L << 32;

  private static final int MNT = 1;
  private static final int UMNT = 3;
  private static final int GETATTR = 1;
  private static final int LOOKUP = 3;
  private static final int READ = 6;
  private static final int TCP = 6;
  private static final int ACCES = 13;

  /** RFC 5531 section 11. */
  private static final int LAST_FRAGMENT = 1 << 31;

  /** Exports may be for these only: exports(5), "secure". */
  private static final int LAST_RESERVED = 1023;

  private static final int FIRST_RESERVED = 700;

  /** In every root; what it holds is of no interest. */
  private static final List<String> A_FILE = List.of("etc", "passwd");

  private final Ipv4 server;
  private final NfsConfig nfs;

  NfsProbe(Ipv4 server, NfsConfig nfs) {
    this.server = server;
    this.nfs = nfs;
  }

  /** An answer that is a refusal. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final int status;

    Refused(String what, int status) {
      super(what + " is refused with status " + status);
      this.status = status;
    }
  }

  /** One finding for each way that a node goes. */
  List<Finding> findings(String path) {
    List<Finding> findings = new ArrayList<>();
    if (nfs.portmapPort() != 0) {
      findings.add(portmap());
    }
    findings.add(mount(path));
    return findings;
  }

  private Finding portmap() {
    try {
      int mount = port(MOUNT);
      int files = port(NFS);
      return mount == nfs.mountPort() && files == nfs.nfsPort()
          ? Finding.ok("the portmapper names our ports: mount " + mount + ", nfs " + files)
          : Finding.problem(
              "the portmapper names other ports (mount " + mount + ", nfs " + files + ")",
              "nodes ask it where to mount, and would ask another server",
              "systemctl disable --now nfs-server; then restart krgboot");
    } catch (IOException e) {
      return Finding.problem(
          "the portmapper on port " + nfs.portmapPort() + " does not answer: " + e.getMessage(),
          "kernels ask it where to mount",
          "let UDP port " + nfs.portmapPort() + " through the firewall of this machine");
    }
  }

  private int port(int program) throws IOException {
    ByteBuffer call = call(PORTMAP, 2, GETPORT);
    call.putInt(program).putInt(3).putInt(TCP).putInt(0);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      SocketAddress to = new InetSocketAddress(server.toInetAddress(), nfs.portmapPort());
      byte[] datagram = bytes(call);
      socket.send(new DatagramPacket(datagram, datagram.length, to));
      DatagramPacket answer = new DatagramPacket(new byte[LONGEST_ANSWER], LONGEST_ANSWER);
      socket.receive(answer);
      return results(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()), call.getInt(0))
          .getInt();
    }
  }

  private Finding mount(String path) {
    try {
      byte[] root = mounted(path);
      return Finding.ok("mounted " + path + " by NFS" + read(root));
    } catch (Refused e) {
      return e.status == ACCES
          ? Finding.ok(path + " is exported, and not to this machine itself")
          : problem(path, e);
    } catch (IOException e) {
      return problem(path, e);
    }
  }

  private static Finding problem(String path, IOException e) {
    return Finding.problem(
        "a node cannot mount " + path + " by NFS: " + e.getMessage(),
        "its kernel has no root without it",
        "journalctl -u krgboot says why; let TCP ports 2049 and 627 through the firewall");
  }

  private byte[] mounted(String path) throws IOException {
    try (Connection mount = new Connection(nfs.mountPort())) {
      ByteBuffer call = call(MOUNT, 3, MNT);
      text(call, path);
      byte[] root = opaque(ok(mount.ask(call), "MNT"));
      ByteBuffer end = call(MOUNT, 3, UMNT);
      text(end, path);
      mount.ask(end);
      return root;
    }
  }

  private String read(byte[] root) throws IOException {
    try (Connection files = new Connection(nfs.nfsPort())) {
      ByteBuffer getattr = call(NFS, 3, GETATTR);
      opaque(getattr, root);
      ok(files.ask(getattr), "GETATTR");
      byte[] at = root;
      for (String name : A_FILE) {
        ByteBuffer lookup = call(NFS, 3, LOOKUP);
        opaque(lookup, at);
        text(lookup, name);
        at = opaque(ok(files.ask(lookup), "LOOKUP of " + name));
      }
      ByteBuffer read = call(NFS, 3, READ);
      opaque(read, at);
      read.putLong(0).putInt(4096);
      ok(files.ask(read), "READ");
      return " and read " + String.join("/", A_FILE);
    } catch (Refused e) {
      return ""; // a root of another kind; that it could be mounted and asked is enough
    }
  }

  private static ByteBuffer call(int program, int version, int procedure) {
    ByteBuffer call = ByteBuffer.allocate(4096);
    call.putInt(ThreadLocalRandom.current().nextInt());
    call.putInt(0).putInt(2).putInt(program).putInt(version).putInt(procedure);
    call.putInt(1).putInt(20).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0); // AUTH_SYS: root
    return call.putInt(0).putInt(0);
  }

  private static void text(ByteBuffer into, String text) {
    opaque(into, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void opaque(ByteBuffer into, byte[] bytes) {
    into.putInt(bytes.length).put(bytes).put(new byte[-bytes.length & 3]);
  }

  private static byte[] opaque(ByteBuffer from) throws IOException {
    int length = from.remaining() < 4 ? -1 : from.getInt();
    if (length < 0 || length > from.remaining()) {
      throw new IOException("the answer is cut short");
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private static ByteBuffer ok(ByteBuffer results, String what) throws IOException {
    int status = results.remaining() < 4 ? -1 : results.getInt();
    if (status != 0) {
      throw new Refused(what, status);
    }
    return results;
  }

  /** What has been written into it. */
  private static byte[] bytes(ByteBuffer call) {
    byte[] bytes = new byte[call.position()];
    call.get(0, bytes);
    return bytes;
  }

  /** RFC 5531 section 9: accepted, and done. */
  private static ByteBuffer results(ByteBuffer answer, int xid) throws IOException {
    boolean whole = answer.remaining() >= 24 && answer.getInt() == xid;
    if (!whole || answer.getLong() != ACCEPTED_REPLY) {
      throw new IOException("what answers there refuses the call, or speaks no RPC");
    }
    answer.getInt(); // the kind of verifier, of which ours is empty
    int verifier = answer.getInt();
    int refusal = answer.getInt();
    if (verifier != 0 || refusal != 0) {
      throw new IOException("what answers there does not serve this");
    }
    return answer;
  }

  /** One connection over TCP, from a port as a kernel uses. */
  private final class Connection implements AutoCloseable {
    private final Socket socket;

    Connection(int port) throws IOException {
      socket = reserved();
      socket.setSoTimeout((int) PATIENCE.toMillis());
      try {
        socket.connect(
            new InetSocketAddress(server.toInetAddress(), port), (int) PATIENCE.toMillis());
      } catch (IOException e) {
        socket.close();
        throw new IOException("port " + port + ": " + e.getMessage(), e);
      }
    }

    private static Socket reserved() throws IOException {
      int from = ThreadLocalRandom.current().nextInt(FIRST_RESERVED, LAST_RESERVED);
      for (int port = from; port <= LAST_RESERVED; port++) {
        Socket socket = new Socket();
        try {
          socket.bind(new InetSocketAddress(port));
          return socket;
        } catch (IOException e) {
          socket.close(); // taken, or not permitted: then any port has to do
        }
      }
      return new Socket();
    }

    ByteBuffer ask(ByteBuffer call) throws IOException {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] record = new byte[4 + call.position()];
      ByteBuffer.wrap(record).putInt(LAST_FRAGMENT | call.position()).put(bytes(call));
      out.write(record);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readInt() & ~LAST_FRAGMENT;
      if (length > LONGEST_ANSWER) {
        throw new IOException("what answers there speaks no RPC");
      }
      byte[] answer = new byte[length];
      in.readFully(answer);
      return results(ByteBuffer.wrap(answer), call.getInt(0));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
