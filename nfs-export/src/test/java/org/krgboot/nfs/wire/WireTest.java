package org.krgboot.nfs.wire;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.linux.ThreadCredentials;
import org.krgboot.nfs.Export;

/** A read-write root, exported to root on a node, and a connection to it. */
abstract class WireTest {
  static final byte[] NO_VERIFIER = new byte[8];
  static final int ANN = 1001;
  static final int BOB = 1002;

  @TempDir Path path;
  Path exported;
  Served served;
  TcpTransport connection;
  NfsClient root;
  NfsClient ann;
  NfsClient bob;

  /** The handle of the export's root. */
  byte[] top;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(ThreadCredentials.mayChange(), "SKIPPED: needs root (file handles, other users)");
    exported = Files.createDirectory(path.resolve("root"));
    Files.setPosixFilePermissions(exported, PosixFilePermissions.fromString("rwxr-xr-x"));
    serve(exports());
  }

  Export[] exports() throws IOException {
    return new Export[] {Export.readWriteRoot(exported)};
  }

  void serve(Export... exports) throws IOException {
    served = Served.on(path.resolve("state"), exports);
    connection = new TcpTransport(served.nfsPort());
    root = new NfsClient(connection, Caller.ROOT);
    ann = root.as(Caller.user(ANN, ANN));
    bob = root.as(Caller.user(BOB, BOB));
    top = served.mount(exported.toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (served != null) {
      connection.close();
      served.close();
    }
  }

  /** The same exports and state, a new server. */
  void restart() throws Exception {
    stop();
    serve(exports());
  }

  byte[] file(String name, int mode) throws IOException {
    return root.create(top, name, NfsClient.GUARDED, Sattr.ofMode(mode)).handle();
  }

  byte[] directory(String name, int mode) throws IOException {
    return root.mkdir(top, name, Sattr.ofMode(mode)).handle();
  }

  byte[] fileOf(int uid, String name, int mode) throws IOException {
    byte[] file = file(name, mode);
    root.setattr(file, Sattr.ofOwner(uid, uid));
    root.setattr(file, Sattr.ofMode(mode)); // a change of owner clears the set-id bits
    return file;
  }

  Fattr attributes(byte[] file) throws IOException {
    return root.getattr(file).attributes();
  }
}
