package org.krgboot.nfs;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A small client of our own, byte by byte; shares no code with the server. */
final class Client implements AutoCloseable {
  static final int NFS = 100003;
  static final int MOUNT = 100005;
  static final int PORTMAP = 100000;

  private final Socket socket;
  private final DataInputStream in;
  private int uid;
  private int gid;
  private int[] groups = {};
  private int nextXid = 1000;

  Client(int port) throws IOException {
    this(port, InetAddress.getByName("127.0.0.1"));
  }

  /** From another address of this machine. */
  Client(int port, InetAddress from) throws IOException {
    socket = new Socket(InetAddress.getByName("127.0.0.1"), port, from, 0);
    socket.setSoTimeout(20_000);
    in = new DataInputStream(socket.getInputStream());
  }

  Client as(int newUid, int newGid, int... newGroups) {
    uid = newUid;
    gid = newGid;
    groups = newGroups;
    return this;
  }

  /** Arguments in the making. */
  static final class Args {
    private final ByteBuffer bytes = ByteBuffer.allocate(2 << 20);

    Args u32(int... values) {
      for (int value : values) {
        bytes.putInt(value);
      }
      return this;
    }

    Args u64(long value) {
      bytes.putLong(value);
      return this;
    }

    Args opaque(byte[] data) {
      bytes.putInt(data.length).put(data);
      while (bytes.position() % 4 != 0) {
        bytes.put((byte) 0);
      }
      return this;
    }

    Args text(String text) {
      return opaque(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A sattr3 with a mode only. */
    Args mode(int mode) {
      return u32(1, mode, 0, 0, 0, 0, 0);
    }

    /** A sattr3 without anything. */
    Args keepAll() {
      return u32(0, 0, 0, 0, 0, 0);
    }
  }

  /** Results, to be read off. */
  static final class Results {
    private final ByteBuffer bytes;

    Results(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes);
    }

    int u32() {
      return bytes.getInt();
    }

    long u64() {
      return bytes.getLong();
    }

    byte[] opaque() {
      byte[] data = new byte[bytes.getInt()];
      bytes.get(data);
      bytes.position(bytes.position() + (4 - data.length % 4) % 4);
      return data;
    }

    Results skip(int count) {
      bytes.position(bytes.position() + count);
      return this;
    }

    Results skipPostOp() {
      return u32() == 1 ? skip(84) : this;
    }

    Results skipWcc() {
      return (u32() == 1 ? skip(24) : this).skipPostOp();
    }

    int remaining() {
      return bytes.remaining();
    }
  }

  /** One NFSv3 call; gives its result from the status on. */
  Results nfs(int procedure, Consumer<Args> arguments) throws IOException {
    return call(NFS, 3, procedure, arguments);
  }

  Results call(int program, int version, int procedure, Consumer<Args> arguments)
      throws IOException {
    return call(nextXid++, program, version, procedure, arguments);
  }

  Results call(int xid, int program, int version, int procedure, Consumer<Args> arguments)
      throws IOException {
    Results reply = raw(message(xid, program, version, procedure, arguments));
    expect(reply.u32(), xid, "xid");
    expect(reply.u32(), 1, "reply");
    expect(reply.u32(), 0, "accepted");
    reply.skip(8);
    expect(reply.u32(), 0, "accept_stat");
    return reply;
  }

  private static void expect(int was, int wanted, String what) throws IOException {
    if (was != wanted) {
      throw new IOException(what + " " + was);
    }
  }

  byte[] message(int xid, int program, int version, int procedure, Consumer<Args> arguments) {
    Args all = new Args();
    all.u32(xid, 0, 2, program, version, procedure);
    all.u32(1, 20 + 4 * groups.length, 0, 0, uid, gid, groups.length).u32(groups).u32(0, 0);
    arguments.accept(all);
    byte[] bytes = new byte[all.bytes.position()];
    all.bytes.get(0, bytes);
    return bytes;
  }

  /** Sends any bytes as one record and gives the whole reply. */
  Results raw(byte[] message) throws IOException {
    send(ByteBuffer.allocate(4 + message.length).putInt(0x80000000 | message.length).put(message));
    return receive();
  }

  /** Sends bytes as they are, record marks and all. */
  void send(ByteBuffer bytes) throws IOException {
    socket.getOutputStream().write(bytes.array(), 0, bytes.position());
  }

  Results receive() throws IOException {
    byte[] reply = new byte[in.readInt() & 0x7fffffff];
    in.readFully(reply);
    return new Results(reply);
  }

  /** True when the server has closed the connection. */
  boolean isClosedByServer() {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
