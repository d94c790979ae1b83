package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.GUARDED;
import static org.krgboot.nfs.wire.NfsClient.UNSTABLE;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.krgboot.nfs.Limits;

/** Many at once, and for long: nobody is mistaken for another, nothing is kept. */
final class WireLoadTest extends WireTest {
  private static final int USERS = 6;
  private static final int ROUNDS = 150;

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  /** Makes, writes, reads and removes files of its own, and is refused those of root. */
  private Void workAs(int uid, byte[] dir, byte[] secret) throws Exception {
    try (TcpTransport tcp = new TcpTransport(served.nfsPort())) {
      NfsClient user = new NfsClient(tcp, Caller.user(uid, uid, uid + 100));
      for (int i = 0; i < ROUNDS; i++) {
        String name = uid + "-" + i;
        Results.Made made = user.create(dir, name, GUARDED, Sattr.ofMode(0600));
        assertThat(made.attributes().uid()).isEqualTo(uid);
        assertThat(made.attributes().gid()).isEqualTo(uid);
        user.write(made.handle(), 0, UNSTABLE, bytes(name));
        assertThat(user.read(made.handle(), 0, 100).bytes()).isEqualTo(bytes(name));
        assertThat(user.read(secret, 0, 1).status()).isEqualTo(Status.ACCES);
        assertThat(user.remove(dir, name).status()).isEqualTo(Status.OK);
        assertThat(statusInTheEnd(user, made.handle())).isEqualTo(Status.STALE);
      }
    }
    return null;
  }

  /** JUKEBOX means: ask again. Linux says ENOMEM while another file is given the same inode. */
  private static Status statusInTheEnd(NfsClient user, byte[] file) throws IOException {
    Status status = user.getattr(file).status();
    for (int i = 0; i < 100 && status == Status.JUKEBOX; i++) {
      status = user.getattr(file).status();
    }
    return status;
  }

  @Test
  void many_users_at_once_are_never_mistaken_for_one_another() throws Exception {
    byte[] dir = directory("d", 0777);
    byte[] secret = file("secret", 0600);
    try (ExecutorService users = Executors.newFixedThreadPool(USERS)) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        int uid = 2000 + i;
        all.add(users.submit(() -> workAs(uid, dir, secret)));
      }
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(root.read(secret, 0, 1).status()).isEqualTo(Status.OK);
      }
      for (Future<Void> one : all) {
        one.get();
      }
    }
    assertThat(exported.resolve("d").toFile().list()).isEmpty();
  }

  @Test
  void open_descriptors_stay_within_the_limit_and_end_with_the_server() throws Exception {
    long before = descriptors();
    for (int i = 0; i < 2 * Limits.DEFAULTS.descriptors(); i++) {
      byte[] file = file("f" + i, 0644);
      root.write(file, 0, UNSTABLE, bytes("x"));
      root.read(file, 0, 1);
    }
    assertThat(descriptors() - before).isLessThan(3L * Limits.DEFAULTS.descriptors() + 64);
    stop();
    assertThat(descriptors()).isLessThanOrEqualTo(before);
    serve(exports()); // for the end of the test
    assertThat(root.lookup(top, "f7").status()).isEqualTo(Status.OK);
  }

  @Test
  void writers_of_one_file_lose_no_byte_of_each_other() throws Exception {
    byte[] file = file("f", 0644);
    try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int mine = i;
        all.add(writers.submit(() -> writeEveryFourth(file, mine)));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    }
    byte[] whole = root.read(file, 0, 1 << 20).bytes();
    assertThat(whole).hasSize(4 * 100 * 100);
    for (int i = 0; i < whole.length; i++) {
      assertThat(whole[i]).isEqualTo((byte) ('a' + i / 100 % 4));
    }
  }

  private Void writeEveryFourth(byte[] file, int mine) throws Exception {
    try (TcpTransport tcp = new TcpTransport(served.nfsPort())) {
      NfsClient client = new NfsClient(tcp, Caller.ROOT);
      byte[] data = bytes(String.valueOf((char) ('a' + mine)).repeat(100));
      for (int i = mine; i < 400; i += 4) {
        assertThat(client.write(file, i * 100L, UNSTABLE, data).count()).isEqualTo(100);
      }
    }
    return null;
  }
}
