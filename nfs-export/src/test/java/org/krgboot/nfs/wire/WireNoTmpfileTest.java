package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.linux.ThreadCredentials;
import org.krgboot.nfs.wire.ServerMain.Trouble;

/**
 * An exclusive create where the file system has no files without a name, and kills in the middle of
 * one, with such files and without. A kill is at the very system call.
 */
final class WireNoTmpfileTest {
  private static final long VERIFIER = 0x8000_0005_8000_0007L;

  @TempDir Path path;
  private Path exported;

  @BeforeEach
  void makeDirectories() throws Exception {
    assumeTrue(ThreadCredentials.mayChange(), "SKIPPED: needs root (file handles, other users)");
    assumeTrue(SystemCallFilter.works(), "SKIPPED: the filter knows the system calls of x86-64");
    exported = Files.createDirectory(path.resolve("root"));
  }

  private ServerProcess server(Set<Trouble> troubles) throws Exception {
    return new ServerProcess(exported, path.resolve("state"), troubles);
  }

  private byte[] top(ServerProcess server) throws Exception {
    return Served.mount(server.mountPort(), exported.toString());
  }

  @Test
  void without_nameless_files_it_is_known_by_its_verifier_all_the_same() throws Exception {
    try (ServerProcess server = server(Set.of(Trouble.NO_NAMELESS_FILES));
        HardTransport transport = new HardTransport(server.nfsPort(), 1)) {
      byte[] top = top(server);
      NfsClient root = new NfsClient(transport, Caller.ROOT);
      Results.Made made = root.createExclusive(top, "f", VERIFIER);
      assertThat(made.status()).isEqualTo(Status.OK);
      assertThat(made.attributes().atime()).isEqualTo(new Fattr.Time(5, 1));
      assertThat(made.attributes().mtime()).isEqualTo(new Fattr.Time(7, 1));
      Results.Made again = root.createExclusive(top, "f", VERIFIER);
      assertThat(again.status()).isEqualTo(Status.OK);
      assertThat(again.handle()).isEqualTo(made.handle());
      assertThat(root.createExclusive(top, "f", 1).status()).isEqualTo(Status.EXIST);
      assertThat(root.mkdir(top, "d", Sattr.NOTHING).status()).isEqualTo(Status.OK);
      assertThat(root.createExclusive(top, "d", VERIFIER).status()).isEqualTo(Status.EXIST);
    }
  }

  @Test
  void killed_before_the_verifier_is_there_the_next_server_completes_it() throws Exception {
    Set<Trouble> both = Set.of(Trouble.NO_NAMELESS_FILES, Trouble.DIES_BEFORE_TIMES);
    makeOverKill(true, both, Set.of(Trouble.NO_NAMELESS_FILES));
  }

  @Test
  void killed_before_a_nameless_file_has_its_verifier_nothing_is_left() throws Exception {
    makeOverKill(false, Set.of(Trouble.DIES_BEFORE_TIMES), Set.of());
  }

  @Test
  void killed_before_a_nameless_file_has_its_name_nothing_is_left() throws Exception {
    makeOverKill(false, Set.of(Trouble.DIES_BEFORE_LINK), Set.of());
  }

  private void makeOverKill(boolean named, Set<Trouble> first, Set<Trouble> then) throws Exception {
    try (ServerProcess server = server(first);
        ExecutorService client = Executors.newSingleThreadExecutor();
        HardTransport transport = new HardTransport(server.nfsPort(), 1)) {
      byte[] top = top(server);
      NfsClient root = new NfsClient(transport, Caller.ROOT);
      Future<Results.Made> made = client.submit(() -> root.createExclusive(top, "f", VERIFIER));
      server.awaitDeath();
      assertThat(Files.exists(exported.resolve("f"))).isEqualTo(named);
      server.start(then);
      Results.Made answer = made.get(1, TimeUnit.MINUTES);
      assertThat(answer.status()).isEqualTo(Status.OK);
      assertThat(transport.resent()).isTrue();
      Results.Made again = root.createExclusive(top, "f", VERIFIER); // under another number
      assertThat(again.status()).isEqualTo(Status.OK);
      assertThat(again.handle()).isEqualTo(answer.handle());
      assertThat(root.createExclusive(top, "f", 1).status()).isEqualTo(Status.EXIST);
    }
  }
}
