package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The admin API: HTTP and JSON on a Unix socket. Who may open the socket may ask; its directory is
 * open to its owner only.
 */
final class AdminServer implements AutoCloseable {
  /** The kernel's limit on the length of a socket's path, unix(7). */
  private static final int LONGEST_SOCKET_PATH = 107;

  private final Server server;
  private final Path socket;

  private AdminServer(Server server, Path socket) {
    this.server = server;
    this.socket = socket;
  }

  /**
   * Starts to answer.
   *
   * @param socket made anew; one left by a daemon that was killed is replaced
   * @throws IOException if the socket cannot be made; the message names it
   */
  static AdminServer start(Path socket, Handler routes) throws IOException {
    if (socket.toString().length() > LONGEST_SOCKET_PATH) {
      throw new IOException(
          socket
              + " is too long for a Unix socket (at most "
              + LONGEST_SOCKET_PATH
              + " characters); choose a shorter --state-dir");
    }
    try {
      Files.createDirectories(
          socket.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new IOException(
          "the control socket " + socket + " cannot be made: " + e.getMessage(), e);
    }
    QueuedThreadPool threads = WebThreads.pool("admin", 8);
    Server server = new Server(threads);
    UnixDomainServerConnector connector = new UnixDomainServerConnector(server, 1, 1);
    connector.setUnixDomainPath(socket);
    server.addConnector(connector);
    server.setHandler(routes);
    try {
      server.start();
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (Exception e) {
      throw new IOException(
          "the control socket " + socket + " cannot be used: " + e.getMessage(), e);
    }
    return new AdminServer(server, socket);
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the admin API did not stop: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(socket);
    }
  }
}
