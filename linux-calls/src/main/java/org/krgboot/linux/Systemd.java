package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells the service manager how we are, sd_notify(3), over its datagram socket. */
public final class Systemd {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 02000000;

  /** unix(7): family, then the path. */
  private static final int PATH = 2;

  private static final int PATH_SIZE = 108;

  private Systemd() {}

  /**
   * Sends {@code state}, such as {@code "READY=1"} or {@code "STATUS=...\nWATCHDOG=1"}, to the
   * socket of the environment's NOTIFY_SOCKET.
   *
   * @return false if there is none: we were not started by a service manager
   */
  public static boolean notify(String state) throws LinuxException {
    return notify(System.getenv("NOTIFY_SOCKET"), state);
  }

  static boolean notify(@Nullable String socketPath, String state) throws LinuxException {
    if (socketPath == null || socketPath.isEmpty()) {
      return false;
    }
    Scratch mine = Scratch.mine();
    int socket = (int) mine.call(SystemCall.SOCKET, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    try {
      send(mine, socket, socketPath, state);
    } finally {
      FileCalls.close(socket);
    }
    return true;
  }

  private static void send(Scratch mine, int socket, String socketPath, String state)
      throws LinuxException {
    byte[] path = socketPath.getBytes(StandardCharsets.UTF_8);
    byte[] message = state.getBytes(StandardCharsets.UTF_8);
    if (path.length > PATH_SIZE || (path[0] != '/' && path[0] != '@')) {
      throw new LinuxException("NOTIFY_SOCKET", Errno.EINVAL);
    }
    MemorySegment structure = mine.structure();
    if (message.length > structure.byteSize()) {
      throw new LinuxException("sd_notify", Errno.EMSGSIZE);
    }
    structure.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, structure, JAVA_BYTE, PATH, path.length);
    if (path[0] == '@') { // the abstract name space begins with a NUL
      structure.set(JAVA_BYTE, PATH, (byte) 0);
    }
    mine.call(SystemCall.CONNECT, socket, structure.address(), PATH + (long) path.length);
    MemorySegment.copy(message, 0, structure, JAVA_BYTE, 0, message.length);
    mine.call(SystemCall.WRITE, socket, structure.address(), message.length);
  }
}
