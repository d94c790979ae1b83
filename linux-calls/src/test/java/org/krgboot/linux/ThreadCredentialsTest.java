package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.linux.Here.ITSELF;
import static org.krgboot.linux.Here.name;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ThreadCredentialsTest {
  private static final int[] NONE = {};
  private static final int ANN = 1001;
  private static final int BOB = 1002;

  @TempDir Path path;
  private int dir = -1;

  @BeforeEach
  void open() throws LinuxException {
    Here.needs(Capability.SETUID, Capability.SETGID, Capability.CHOWN);
    dir = Here.directory(path);
    FileCalls.fchmod(dir, 0755);
  }

  @AfterEach
  void close() throws LinuxException {
    if (dir >= 0) {
      ThreadCredentials.restore();
      FileCalls.close(dir);
    }
  }

  /** A file that only this user may read and write. */
  private void secretOf(int uid, int gid, int mode, String name) throws LinuxException {
    int fd = FileCalls.openat(dir, name(name), OpenFlags.O_CREAT, 0600);
    FileCalls.fchown(fd, uid, gid);
    FileCalls.fchmod(fd, mode);
    FileCalls.close(fd);
  }

  private Errno tryToRead(String name) throws LinuxException {
    try {
      FileCalls.close(FileCalls.openat(dir, name(name), OpenFlags.O_RDONLY, 0));
      return Errno.OTHER; // no error
    } catch (LinuxException refused) {
      return refused.errno();
    }
  }

  @Test
  void two_threads_at_once_are_two_users_and_a_third_stays_root() throws Exception {
    secretOf(ANN, ANN, 0600, "ann");
    secretOf(BOB, BOB, 0600, "bob");
    CyclicBarrier bothChanged = new CyclicBarrier(2);
    Callable<List<Errno>> ann = () -> readBothAs(ANN, bothChanged);
    Callable<List<Errno>> bob = () -> readBothAs(BOB, bothChanged);
    Future<List<Errno>> annSaw = onOwnThread(ann);
    Future<List<Errno>> bobSaw = onOwnThread(bob);
    assertThat(annSaw.get()).containsOnly(Errno.OTHER, Errno.EACCES).hasSize(2000);
    assertThat(annSaw.get().get(0)).isEqualTo(Errno.OTHER);
    assertThat(bobSaw.get().get(0)).isEqualTo(Errno.EACCES);
    for (int i = 0; i < 2000; i++) {
      assertThat(annSaw.get().get(i)).isNotEqualTo(bobSaw.get().get(i));
    }
    assertThat(ThreadCredentials.fileSystemUid()).isZero();
    assertThat(tryToRead("ann")).isEqualTo(Errno.OTHER);
  }

  private List<Errno> readBothAs(int uid, CyclicBarrier bothChanged) throws Exception {
    List<Errno> seen = new ArrayList<>();
    for (int round = 0; round < 1000; round++) {
      ThreadCredentials.become(uid, uid, NONE);
      if (round == 0) {
        bothChanged.await();
      }
      seen.add(tryToRead("ann"));
      seen.add(tryToRead("bob"));
      ThreadCredentials.restore();
    }
    return seen;
  }

  private static <T> Future<T> onOwnThread(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().start(task);
    return task;
  }

  @Test
  void a_new_file_belongs_to_the_user_and_its_group() throws Exception {
    FileCalls.fchmod(dir, 0777);
    ThreadCredentials.become(ANN, BOB, NONE);
    FileCalls.close(FileCalls.openat(dir, name("new"), OpenFlags.O_CREAT, 0644));
    ThreadCredentials.restore();
    Stat stat = FileCalls.statx(dir, name("new"), 0);
    assertThat(stat.uid()).isEqualTo(ANN);
    assertThat(stat.gid()).isEqualTo(BOB);
  }

  @Test
  void supplementary_groups_count_and_are_gone_after_restore() throws Exception {
    secretOf(0, 4242, 0040, "group");
    ThreadCredentials.become(ANN, ANN, new int[] {7, 4242});
    assertThat(tryToRead("group")).isEqualTo(Errno.OTHER);
    FileCalls.faccessat2(dir, name("group"), AtFlags.R_OK, AtFlags.AT_EACCESS);
    ThreadCredentials.become(ANN, ANN, new int[] {7});
    assertThat(tryToRead("group")).isEqualTo(Errno.EACCES);
    ThreadCredentials.restore();
    ThreadCredentials.become(ANN, ANN, NONE);
    assertThat(tryToRead("group")).isEqualTo(Errno.EACCES);
  }

  @Test
  void another_user_loses_the_rights_of_root_and_root_has_them_again() throws Exception {
    secretOf(BOB, BOB, 0600, "bob");
    assertThat(Capabilities.ofThisThread().has(Capability.DAC_OVERRIDE)).isTrue();
    ThreadCredentials.become(ANN, ANN, NONE);
    assertThat(Capabilities.ofThisThread().has(Capability.DAC_OVERRIDE)).isFalse();
    assertThat(ThreadCredentials.mayChange()).isFalse();
    assertThatThrownBy(() -> FileCalls.fchownat(dir, name("bob"), ANN, ANN, 0))
        .hasMessage("fchownat: EPERM (1)");
    ThreadCredentials.restore();
    assertThat(ThreadCredentials.mayChange()).isTrue();
    FileCalls.fchownat(dir, name("bob"), ANN, ANN, 0);
    assertThat(FileCalls.statx(dir, name("bob"), 0).uid()).isEqualTo(ANN);
  }

  @Test
  void another_user_keeps_only_the_capabilities_to_come_back() throws Exception {
    Capabilities before = Capabilities.ofThisThread();
    ThreadCredentials.become(ANN, ANN, NONE);
    long all = Capabilities.ofThisThread().effective();
    assertThat(all).isEqualTo(1L << Capability.SETUID.bit | 1L << Capability.SETGID.bit);
    ThreadCredentials.become(BOB, BOB, NONE);
    assertThat(Capabilities.ofThisThread().has(Capability.SYS_RESOURCE)).isFalse();
    ThreadCredentials.restore();
    assertThat(Capabilities.ofThisThread()).isEqualTo(before);
  }

  @Test
  void a_thread_started_by_another_user_knows_whose_ids_it_has() throws Exception {
    secretOf(BOB, BOB, 0600, "bob");
    ThreadCredentials.become(ANN, ANN, NONE);
    Future<List<Errno>> heir =
        onOwnThread(() -> {
          Errno asAnn = tryToRead("bob");
          ThreadCredentials.restore();
          return List.of(asAnn, tryToRead("bob"));
        });
    ThreadCredentials.restore();
    assertThat(heir.get()).containsExactly(Errno.EACCES, Errno.OTHER);
  }

  @Test
  void an_id_of_minus_one_is_refused_and_leaves_the_thread_root() throws Exception {
    assertThatThrownBy(() -> ThreadCredentials.become(-1, ANN, NONE))
        .hasMessage("setfsuid: EINVAL (22)");
    assertThat(ThreadCredentials.fileSystemUid()).isZero();
    int fd = FileCalls.openat(dir, name("f"), OpenFlags.O_CREAT, 0644);
    assertThat(FileCalls.statx(fd, ITSELF, 0).gid()).isZero();
    FileCalls.close(fd);
  }

  @Test
  void too_many_groups_are_refused_and_leave_the_thread_root() throws Exception {
    assertThatThrownBy(() -> ThreadCredentials.become(ANN, ANN, new int[1025]))
        .hasMessage("setgroups: EINVAL (22)");
    assertThat(ThreadCredentials.fileSystemUid()).isZero();
  }

  @Test
  void a_thread_that_cannot_have_its_groups_back_is_root_all_the_same() throws Exception {
    Future<Integer> uid =
        onOwnThread(() -> {
          ThreadCredentials.become(ANN, ANN, new int[] {7});
          DroppedRights.dropAll();
          assertThatThrownBy(ThreadCredentials::restore).hasMessage("setgroups: EPERM (1)");
          return ThreadCredentials.fileSystemUid();
        });
    assertThat(uid.get()).isZero();
  }

  @Test
  void a_virtual_thread_is_refused() throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          ThreadCredentials.become(ANN, ANN, NONE);
          return null;
        });
    Thread.ofVirtual().start(task).join();
    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void without_the_right_to_change_ids_the_refusal_is_eperm() throws Exception {
    // As ANN for good: the real ids too, on a thread of its own, so that nothing can be given back.
    Future<Throwable> refusal =
        onOwnThread(() -> {
          DroppedRights.dropAll();
          assertThat(ThreadCredentials.mayChange()).isFalse();
          try {
            ThreadCredentials.become(BOB, BOB, new int[] {BOB});
            return new AssertionError("nobody became bob");
          } catch (LinuxException refused) {
            return refused;
          }
        });
    assertThat(refusal.get())
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
  }
}
