package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootEvent;

/** A running server with an empty root, a client that has mounted it, and shorthands. */
abstract class NfsScript {
  static final int GETATTR = 1;
  static final int SETATTR = 2;
  static final int LOOKUP = 3;
  static final int ACCESS = 4;
  static final int READLINK = 5;
  static final int READ = 6;
  static final int WRITE = 7;
  static final int CREATE = 8;
  static final int MKDIR = 9;
  static final int SYMLINK = 10;
  static final int MKNOD = 11;
  static final int REMOVE = 12;
  static final int RMDIR = 13;
  static final int RENAME = 14;
  static final int LINK = 15;
  static final int READDIR = 16;
  static final int READDIRPLUS = 17;
  static final int FSINFO = 19;
  static final int COMMIT = 21;

  static final int OK = 0;
  static final int PERM = 1;
  static final int NOENT = 2;
  static final int ACCES = 13;
  static final int EXIST = 17;
  static final int NOTDIR = 20;
  static final int ISDIR = 21;
  static final int NOTEMPTY = 66;
  static final int STALE = 70;
  static final int BADHANDLE = 10001;
  static final int NOT_SYNC = 10002;
  static final int TOOSMALL = 10005;

  @TempDir Path directory;
  final List<BootEvent> events = Collections.synchronizedList(new ArrayList<>());
  Path root;
  NfsServer server;
  Client client;
  byte[] rootHandle;

  @BeforeEach
  void start_the_server() throws IOException {
    TestServer.assumeFileHandles();
    root = Files.createDirectory(directory.resolve("root"));
    start();
  }

  void start() throws IOException {
    server =
        NfsServer.start(TestServer.config(directory, root), events::add, InstantSource.system());
    client = new Client(server.nfsPort());
    try (Client mount = new Client(server.mountPort())) {
      Client.Results reply = mount.call(Client.MOUNT, 3, 1, a -> a.text(root.toString()));
      assertThat(reply.u32()).isEqualTo(OK);
      rootHandle = reply.opaque();
    }
  }

  /** The same server with other limits; the client has to be made anew. */
  final void restartServer(Limits limits, BootEvent.Sink sink) throws IOException {
    client.close();
    server.close();
    NfsConfig usual = TestServer.config(directory, root);
    NfsConfig config =
        new NfsConfig(
            usual.listen(),
            usual.nfsPort(),
            usual.mountPort(),
            usual.portmapPort(),
            usual.exports(),
            usual.stateDirectory(),
            limits);
    server = NfsServer.start(config, sink, InstantSource.system());
  }

  @AfterEach
  void stop_the_server() throws IOException {
    if (server != null) {
      client.close();
      server.close();
    }
  }

  byte[] lookup(byte[] in, String name) throws IOException {
    Client.Results reply = client.nfs(LOOKUP, a -> a.opaque(in).text(name));
    assertThat(reply.u32()).isEqualTo(OK);
    return reply.opaque();
  }

  int status(int procedure, Consumer<Client.Args> arguments) throws IOException {
    return client.nfs(procedure, arguments).u32();
  }

  byte[] file(String name, String content) throws IOException {
    Files.writeString(root.resolve(name), content);
    return lookup(rootHandle, name);
  }

  int exclusive(long verifier) throws IOException {
    return status(CREATE, a -> a.opaque(rootHandle).text("lock").u32(2).u64(verifier));
  }

  byte[] lookup(String name) {
    try {
      return lookup(rootHandle, name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] made(Client.Results reply) {
    assertThat(reply.u32()).isEqualTo(OK);
    return reply.skip(4).opaque();
  }

  List<String> names(int procedure, int size) throws IOException {
    List<String> names = new ArrayList<>();
    long cookie = 0;
    boolean eof = false;
    while (!eof) {
      long from = cookie;
      Client.Results reply =
          client.nfs(
              procedure,
              a -> {
                a.opaque(rootHandle).u64(from).u64(0).u32(size);
                if (procedure == READDIRPLUS) {
                  a.u32(size);
                }
              });
      assertThat(reply.u32()).isEqualTo(OK);
      assertThat(reply.remaining()).isLessThanOrEqualTo(size);
      reply.skipPostOp().skip(8);
      while (reply.u32() == 1) {
        reply.u64();
        names.add(new String(reply.opaque(), StandardCharsets.ISO_8859_1));
        cookie = reply.u64();
        if (procedure == READDIRPLUS) {
          reply.skipPostOp();
          assertThat(reply.u32()).isEqualTo(1);
          reply.opaque();
        }
      }
      eof = reply.u32() == 1;
    }
    return names;
  }
}
