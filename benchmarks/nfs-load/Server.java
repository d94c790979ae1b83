import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A server under load: NAME=ADDRESS:NFS-PORT:MOUNT-PORT:PID. */
final class Server {
  private static final double TICKS_PER_SECOND = 100; // USER_HZ, proc(5)

  final String name;
  final InetSocketAddress nfs;
  private final InetSocketAddress mount;
  private final long pid;
  private final Map<String, byte[]> handles = new HashMap<>();
  private int nextName;

  Server(String text) {
    String[] halves = text.split("=", 2);
    String[] parts = halves[1].split(":");
    name = halves[0];
    nfs = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    mount = new InetSocketAddress(parts[0], Integer.parseInt(parts[2]));
    pid = Long.parseLong(parts[3]);
  }

  /** The handle of what lies at that path. */
  byte[] handle(String export, String... names) throws IOException {
    String path = export + "/" + String.join("/", names);
    byte[] handle = handles.get(path);
    if (handle == null) {
      handle = handleIn(call(mount, Calls.mount(export)));
      for (String each : names) {
        handle = handleIn(call(nfs, Calls.lookup(handle, each)));
      }
      handles.put(path, handle);
    }
    return handle;
  }

  private static byte[] handleIn(ByteBuffer reply) throws IOException {
    Load.mustBeOk(reply);
    byte[] handle = new byte[reply.getInt(Load.RPC_HEAD + 4)];
    reply.get(Load.RPC_HEAD + 8, handle);
    return handle;
  }

  private static ByteBuffer call(InetSocketAddress to, ByteBuffer call) throws IOException {
    try (Socket socket = new Socket(to.getAddress(), to.getPort())) {
      Channels.newChannel(socket.getOutputStream()).write(call);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] reply = new byte[in.readInt() & 0x7fffffff];
      in.readFully(reply);
      return ByteBuffer.wrap(reply);
    }
  }

  /** A part of names that were not used before. */
  String freshName() {
    return name + "-" + nextName++;
  }

  /** Processor seconds used so far, proc(5). */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory in MiB. */
  long residentMib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      }
    }
    return 0;
  }
}
