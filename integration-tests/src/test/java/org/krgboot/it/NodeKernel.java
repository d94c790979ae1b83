package org.krgboot.it;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a node's kernel asks a boot server for, byte by byte. A program of its own: it runs in the
 * node's namespace. Its lines begin with "> ".
 */
final class NodeKernel {
  private static final int MOUNT_PORT = 627;
  private static final int NFS_PORT = 2049;
  private static final int MOUNT = 100005;
  private static final int NFS = 100003;
  private static final int MNT = 1;
  private static final int LOOKUP = 3;
  private static final int READ = 6;

  private final String server;
  private int xid = (int) System.nanoTime();

  private NodeKernel(String server) {
    this.server = server;
  }

  /**
   * Arguments: the server, the version of MOUNT, the root, then files in it that are read; the last
   * of them may be {@code until:FILE}: then its {@code etc} is looked for again and again over one
   * connection, until that file of the host is there.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    NodeKernel kernel = new NodeKernel(arguments[0]);
    byte[] root = kernel.mount(Integer.parseInt(arguments[1]), arguments[2]);
    for (int i = 3; i < arguments.length && root.length > 0; i++) {
      if (arguments[i].startsWith("until:")) {
        kernel.readUntil(root, Path.of(arguments[i].substring(6)));
      } else {
        kernel.read(root, arguments[i]);
      }
    }
    System.out.println("> done");
  }

  /** The root's handle; none if it is refused. */
  private byte[] mount(int version, String path) throws IOException {
    try (Socket socket = new Socket(server, MOUNT_PORT)) {
      ByteBuffer answer = ask(socket, MOUNT, version, MNT, call -> text(call, path));
      int status = answer.getInt();
      System.out.println("> mount " + status);
      return status == 0 ? opaque(answer) : new byte[0];
    }
  }

  private void read(byte[] root, String path) throws IOException {
    try (Socket socket = new Socket(server, NFS_PORT)) {
      byte[] at = root;
      for (String name : path.split("/")) {
        byte[] directory = at;
        ByteBuffer answer =
            ask(
                socket,
                NFS,
                3,
                LOOKUP,
                call -> {
                  opaque(call, directory);
                  text(call, name);
                });
        int status = answer.getInt();
        if (status != 0) {
          System.out.println("> lookup of " + name + " " + status);
          return;
        }
        at = opaque(answer);
      }
      byte[] file = at;
      int status =
          ask(
                  socket,
                  NFS,
                  3,
                  READ,
                  call -> {
                    opaque(call, file);
                    call.putLong(0).putInt(4096);
                  })
              .getInt();
      System.out.println("> read " + path + " " + status);
    }
  }

  private void readUntil(byte[] root, Path end) throws IOException, InterruptedException {
    try (Socket socket = new Socket(server, NFS_PORT)) {
      int reads = 0;
      int errors = 0;
      while (!Files.exists(end)) {
        ByteBuffer found =
            ask(
                socket,
                NFS,
                3,
                LOOKUP,
                call -> {
                  opaque(call, root);
                  text(call, "etc");
                });
        errors += found.getInt() == 0 ? 0 : 1;
        reads++;
        Thread.sleep(20);
      }
      System.out.println("> errors " + errors);
      System.out.println(reads > 0 ? "> went on" : "> did nothing");
    }
  }

  private ByteBuffer ask(
      Socket socket, int program, int version, int procedure, Consumer<ByteBuffer> arguments)
      throws IOException {
    socket.setSoTimeout(20_000);
    ByteBuffer call = ByteBuffer.allocate(4096).position(4);
    call.putInt(++xid).putInt(0).putInt(2).putInt(program).putInt(version).putInt(procedure);
    call.putInt(1).putInt(20).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0).putLong(0);
    arguments.accept(call);
    call.putInt(0, 0x80000000 | (call.position() - 4));
    socket.getOutputStream().write(call.array(), 0, call.position());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] answer = new byte[in.readInt() & 0x7fffffff];
    in.readFully(answer);
    return ByteBuffer.wrap(answer).position(24); // xid, reply, accepted, verifier, success
  }

  private static void text(ByteBuffer into, String text) {
    opaque(into, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void opaque(ByteBuffer into, byte[] bytes) {
    into.putInt(bytes.length).put(bytes).put(new byte[-bytes.length & 3]);
  }

  private static byte[] opaque(ByteBuffer from) {
    byte[] bytes = new byte[from.getInt()];
    from.get(bytes);
    from.position(from.position() + (-bytes.length & 3));
    return bytes;
  }
}
