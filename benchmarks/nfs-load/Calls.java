import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Encodes ONC RPC calls (RFC 5531) of MOUNT and NFSv3 (RFC 1813) into direct buffers. */
final class Calls {
  static final int XID_AT = 4;
  private static final int NFS = 100003;
  private static final int MOUNT = 100005;

  private Calls() {}

  /** Begins a record: mark, xid 0, head with AUTH_SYS of root. */
  private static ByteBuffer begin(int room, int program, int procedure) {
    ByteBuffer out = ByteBuffer.allocateDirect(room);
    out.putInt(0).putInt(0).putInt(0).putInt(2).putInt(program).putInt(3).putInt(procedure);
    out.putInt(1).putInt(20).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0); // AUTH_SYS, 20 bytes
    return out.putInt(0).putInt(0); // no verifier
  }

  private static ByteBuffer end(ByteBuffer out) {
    out.putInt(0, 0x80000000 | (out.position() - 4));
    return out.flip();
  }

  static ByteBuffer opaque(ByteBuffer out, byte[] data) {
    out.putInt(data.length).put(data);
    while (out.position() % 4 != 0) {
      out.put((byte) 0);
    }
    return out;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static ByteBuffer mount(String path) {
    return end(opaque(begin(512, MOUNT, 1), bytes(path)));
  }

  static ByteBuffer getattr(byte[] file) {
    return end(opaque(begin(256, NFS, 1), file));
  }

  static ByteBuffer lookup(byte[] directory, String name) {
    return end(opaque(opaque(begin(512, NFS, 3), directory), bytes(name)));
  }

  static ByteBuffer read(byte[] file, int count) {
    return end(opaque(begin(256, NFS, 6), file).putLong(0).putInt(count));
  }

  /** Where the offset is in {@link #read} and {@link #write}. */
  static int offsetAt(byte[] file) {
    return 16 * 4 + 4 + (file.length + 3) / 4 * 4;
  }

  static ByteBuffer write(byte[] file, int count, int stable) {
    ByteBuffer out = opaque(begin(256 + count, NFS, 7), file).putLong(0).putInt(count).putInt(stable);
    byte[] data = new byte[count];
    new java.util.Random(1).nextBytes(data);
    return end(opaque(out, data));
  }

  static ByteBuffer commit(byte[] file) {
    return end(opaque(begin(256, NFS, 21), file).putLong(0).putInt(0));
  }

  /** A CREATE, GUARDED, of mode 0644. */
  static ByteBuffer create(byte[] directory, String name) {
    ByteBuffer out = opaque(opaque(begin(512, NFS, 8), directory), bytes(name));
    return end(out.putInt(1).putInt(1).putInt(0644).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0));
  }

  static ByteBuffer remove(byte[] directory, String name) {
    return end(opaque(opaque(begin(512, NFS, 12), directory), bytes(name)));
  }

  static ByteBuffer readdirplus(byte[] directory, long cookie, long verifier, int max) {
    ByteBuffer out = opaque(begin(256, NFS, 17), directory).putLong(cookie).putLong(verifier);
    return end(out.putInt(max).putInt(max));
  }
}
