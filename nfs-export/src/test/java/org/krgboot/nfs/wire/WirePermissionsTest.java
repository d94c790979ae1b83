package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.GUARDED;
import static org.krgboot.nfs.wire.NfsClient.UNSTABLE;
import static org.krgboot.nfs.wire.NfsClient.bytes;
import static org.krgboot.nfs.wire.Sattr.KEEP;
import static org.krgboot.nfs.wire.Sattr.NOW;
import static org.krgboot.nfs.wire.Sattr.at;

import org.junit.jupiter.api.Test;

/** Checklist 5: who may do what. */
final class WirePermissionsTest extends WireTest {
  private static final int READ = 1;
  private static final int LOOKUP = 2;
  private static final int MODIFY = 4;
  private static final int EXTEND = 8;
  private static final int DELETE = 16;
  private static final int EXECUTE = 32;
  private static final int ALL = 63;

  @Test
  void root_may_read_and_write_a_0000_file_but_not_execute_it() throws Exception {
    byte[] file = fileOf(ANN, "f", 0);
    assertThat(root.access(file, ALL).bits() & ~DELETE).isEqualTo(READ | MODIFY | EXTEND);
    assertThat(root.write(file, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.OK);
    assertThat(root.read(file, 0, 1).status()).isEqualTo(Status.OK);
  }

  @Test
  void access_answers_only_what_was_asked() throws Exception {
    byte[] file = file("f", 0777);
    assertThat(ann.access(file, READ).bits()).isEqualTo(READ);
    assertThat(ann.access(file, READ | EXECUTE).bits()).isEqualTo(READ | EXECUTE);
    assertThat(ann.access(file, 0).bits()).isZero();
    assertThat(ann.access(file, -1).bits() & ~ALL).isZero();
  }

  @Test
  void access_to_a_directory_is_by_its_mode() throws Exception {
    byte[] dir = directory("d", 0755);
    assertThat(ann.access(dir, ALL).bits()).isEqualTo(READ | LOOKUP);
    byte[] searchOnly = directory("s", 0711);
    assertThat(ann.access(searchOnly, ALL).bits()).isEqualTo(LOOKUP);
    byte[] open = directory("o", 0777);
    assertThat(ann.access(open, ALL).bits()).isEqualTo(READ | LOOKUP | MODIFY | EXTEND | DELETE);
  }

  @Test
  void another_user_is_refused_by_the_mode() throws Exception {
    byte[] file = fileOf(ANN, "f", 0600);
    assertThat(bob.read(file, 0, 1).status()).isEqualTo(Status.ACCES);
    assertThat(bob.write(file, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.ACCES);
    assertThat(bob.setattr(file, Sattr.ofSize(0)).status()).isEqualTo(Status.ACCES);
    assertThat(bob.access(file, ALL).bits() & ~DELETE).isZero();
    assertThat(bob.getattr(file).status()).isEqualTo(Status.OK);
  }

  @Test
  void the_owner_may_read_write_and_truncate_whatever_the_mode() throws Exception {
    byte[] file = fileOf(ANN, "f", 0444);
    assertThat(ann.write(file, 0, UNSTABLE, bytes("data")).status()).isEqualTo(Status.OK);
    assertThat(ann.setattr(file, Sattr.ofSize(2)).status()).isEqualTo(Status.OK);
    assertThat(ann.commit(file, 0, 0).status()).isEqualTo(Status.OK);
    byte[] closed = fileOf(ANN, "g", 0);
    assertThat(ann.read(closed, 0, 1).status()).isEqualTo(Status.OK);
  }

  @Test
  void what_may_be_executed_may_be_read_and_no_more() throws Exception {
    byte[] program = fileOf(ANN, "program", 0711);
    assertThat(bob.read(program, 0, 1).status()).isEqualTo(Status.OK);
    assertThat(bob.write(program, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.ACCES);
    assertThat(bob.access(program, ALL).bits() & ~DELETE).isEqualTo(EXECUTE);
  }

  @Test
  void a_write_or_a_new_size_by_another_takes_the_set_id_bits_away() throws Exception {
    byte[] file = fileOf(ANN, "f", 06777);
    assertThat(attributes(file).mode()).isEqualTo(06777);
    assertThat(bob.write(file, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.OK);
    assertThat(attributes(file).mode()).isEqualTo(0777);
    byte[] other = fileOf(ANN, "g", 04777);
    assertThat(bob.setattr(other, Sattr.ofSize(5)).status()).isEqualTo(Status.OK);
    assertThat(attributes(other).mode()).isEqualTo(0777);
  }

  @Test
  void the_owner_may_give_a_file_to_her_groups_only_and_loses_the_set_id_bits() throws Exception {
    byte[] file = fileOf(ANN, "f", 06755);
    NfsClient inGroup = root.as(Caller.user(ANN, ANN, 77));
    assertThat(ann.setattr(file, Sattr.ofOwner(BOB, null)).status()).isEqualTo(Status.PERM);
    assertThat(ann.setattr(file, Sattr.ofOwner(null, 77)).status()).isEqualTo(Status.PERM);
    assertThat(inGroup.setattr(file, Sattr.ofOwner(null, 77)).status()).isEqualTo(Status.OK);
    assertThat(attributes(file).gid()).isEqualTo(77);
    assertThat(attributes(file).mode()).isEqualTo(0755);
  }

  /** What a Linux client sends for open(O_TRUNC) and ftruncate: a size, and one time of now. */
  @Test
  void who_may_write_may_truncate_and_set_one_time_to_now() throws Exception {
    byte[] file = fileOf(ANN, "f", 0666);
    Sattr truncation = new Sattr(null, null, null, 0L, KEEP, NOW);
    assertThat(bob.setattr(file, truncation).status()).isEqualTo(Status.OK);
    assertThat(bob.setattr(file, Sattr.ofTimes(KEEP, NOW)).status()).isEqualTo(Status.OK);
    assertThat(bob.setattr(file, Sattr.ofTimes(NOW, KEEP)).status()).isEqualTo(Status.OK);
    assertThat(bob.setattr(file, Sattr.ofTimes(at(1, 1), NOW)).status()).isEqualTo(Status.PERM);
    byte[] closed = fileOf(ANN, "g", 0644);
    assertThat(bob.setattr(closed, Sattr.ofTimes(KEEP, NOW)).status()).isEqualTo(Status.ACCES);
    assertThat(ann.setattr(fileOf(ANN, "h", 0444), Sattr.ofTimes(KEEP, NOW)).status())
        .isEqualTo(Status.OK);
  }

  @Test
  void only_the_owner_changes_the_mode_and_the_times() throws Exception {
    byte[] file = fileOf(ANN, "f", 0666);
    assertThat(bob.setattr(file, Sattr.ofMode(0600)).status()).isEqualTo(Status.PERM);
    assertThat(bob.setattr(file, Sattr.ofTimes(at(1, 1), at(1, 1))).status())
        .isEqualTo(Status.PERM);
    assertThat(bob.setattr(file, Sattr.ofTimes(NOW, NOW)).status()).isEqualTo(Status.OK);
    assertThat(ann.setattr(file, Sattr.ofTimes(at(1, 1), KEEP)).status()).isEqualTo(Status.OK);
  }

  @Test
  void the_sticky_bit_protects_another_users_file() throws Exception {
    byte[] tmp = directory("tmp", 01777);
    ann.create(tmp, "f", GUARDED, Sattr.ofMode(0666));
    bob.create(tmp, "mine", GUARDED, Sattr.ofMode(0666));
    assertThat(bob.remove(tmp, "f").status()).isIn(Status.PERM, Status.ACCES);
    assertThat(bob.rename(tmp, "f", tmp, "g").status()).isIn(Status.PERM, Status.ACCES);
    assertThat(bob.rename(tmp, "mine", tmp, "f").status()).isIn(Status.PERM, Status.ACCES);
    assertThat(ann.remove(tmp, "f").status()).isEqualTo(Status.OK);
  }

  @Test
  void a_setgid_directory_gives_its_group_and_its_bit() throws Exception {
    byte[] dir = directory("d", 02777);
    root.setattr(dir, Sattr.ofOwner(null, 55));
    root.setattr(dir, Sattr.ofMode(02777));
    assertThat(ann.create(dir, "f", GUARDED, Sattr.ofMode(0644)).attributes().gid()).isEqualTo(55);
    Fattr below = ann.mkdir(dir, "e", Sattr.ofMode(0755)).attributes();
    assertThat(below.gid()).isEqualTo(55);
    assertThat(below.mode()).isEqualTo(02755);
    assertThat(ann.symlink(dir, "l", "x").attributes().gid()).isEqualTo(55);
  }

  @Test
  void what_a_user_makes_is_the_users() throws Exception {
    byte[] dir = directory("d", 0777);
    NfsClient caller = root.as(Caller.user(ANN, 88, 99));
    for (Results.Made made :
        new Results.Made[] {
          caller.create(dir, "f", GUARDED, Sattr.ofMode(0600)),
          caller.createExclusive(dir, "x", 7),
          caller.mkdir(dir, "e", Sattr.ofMode(0700)),
          caller.symlink(dir, "l", "f"),
          caller.mknod(dir, "p", Fattr.FIFO, Sattr.ofMode(0600))
        }) {
      assertThat(made.attributes().uid()).isEqualTo(ANN);
      assertThat(made.attributes().gid()).isEqualTo(88);
    }
  }

  @Test
  void an_exclusive_create_can_be_finished_by_the_user_who_made_it() throws Exception {
    byte[] dir = directory("d", 0777);
    byte[] file = ann.createExclusive(dir, "f", 42).handle();
    Sattr usual = new Sattr(0444, null, null, null, NOW, NOW);
    assertThat(ann.setattr(file, usual).status()).isEqualTo(Status.OK);
    assertThat(ann.write(file, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.OK);
  }

  @Test
  void all_sixteen_supplementary_groups_count() throws Exception {
    byte[] file = file("f", 0640);
    root.setattr(file, Sattr.ofOwner(null, 4242));
    int[] groups = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 4242};
    NfsClient caller = root.as(Caller.user(ANN, ANN, groups));
    assertThat(caller.read(file, 0, 1).status()).isEqualTo(Status.OK);
    assertThat(caller.access(file, ALL).bits() & ~DELETE).isEqualTo(READ);
    assertThat(ann.read(file, 0, 1).status()).isEqualTo(Status.ACCES);
  }

  @Test
  void one_callers_rights_never_reach_the_next_call() throws Exception {
    byte[] file = file("f", 0600);
    for (int i = 0; i < 50; i++) {
      assertThat(root.read(file, 0, 1).status()).isEqualTo(Status.OK);
      assertThat(ann.read(file, 0, 1).status()).isEqualTo(Status.ACCES);
      assertThat(root.as(Caller.NONE).read(file, 0, 1).status()).isEqualTo(Status.ACCES);
    }
  }

  @Test
  void a_directory_without_search_or_read_or_write_refuses_just_that() throws Exception {
    byte[] noSearch = directory("a", 0744);
    root.create(noSearch, "f", GUARDED, Sattr.ofMode(0666));
    assertThat(ann.lookup(noSearch, "f").status()).isEqualTo(Status.ACCES);
    assertThat(ann.readdir(noSearch, 0, NO_VERIFIER, 4096).status()).isEqualTo(Status.OK);
    byte[] noRead = directory("b", 0711);
    root.create(noRead, "f", GUARDED, Sattr.ofMode(0666));
    assertThat(ann.lookup(noRead, "f").status()).isEqualTo(Status.OK);
    assertThat(ann.readdir(noRead, 0, NO_VERIFIER, 4096).status()).isEqualTo(Status.ACCES);
    assertThat(ann.create(noRead, "g", GUARDED, Sattr.NOTHING).status()).isEqualTo(Status.ACCES);
    assertThat(ann.remove(noRead, "f").status()).isEqualTo(Status.ACCES);
    assertThat(ann.mkdir(noRead, "d", Sattr.NOTHING).status()).isEqualTo(Status.ACCES);
    assertThat(ann.rename(noRead, "f", noRead, "g").status()).isEqualTo(Status.ACCES);
  }

  @Test
  void only_root_makes_devices() throws Exception {
    byte[] dir = directory("d", 0777);
    int[] device = {1, 3};
    assertThat(ann.mknod(dir, "c", Fattr.CHR, Sattr.ofMode(0666), device).status())
        .isIn(Status.PERM, Status.ACCES);
    assertThat(root.lookup(dir, "c").status()).isEqualTo(Status.NOENT);
    assertThat(ann.mknod(dir, "s", Fattr.SOCK, Sattr.ofMode(0666)).status()).isEqualTo(Status.OK);
  }

  @Test
  void a_user_cannot_make_a_file_for_another() throws Exception {
    byte[] dir = directory("d", 0777);
    Results.Made made = ann.create(dir, "f", GUARDED, Sattr.ofOwner(BOB, null));
    if (made.status() == Status.OK) {
      assertThat(attributes(made.handle()).uid()).isEqualTo(ANN);
    } else {
      assertThat(made.status()).isEqualTo(Status.PERM);
    }
  }

  @Test
  void a_refused_create_leaves_no_file_behind() throws Exception {
    byte[] dir = directory("d", 0777);
    Results.Made made = ann.create(dir, "f", GUARDED, Sattr.ofOwner(BOB, null));
    if (made.status() != Status.OK) {
      assertThat(root.lookup(dir, "f").status()).isEqualTo(Status.NOENT);
    }
  }

  @Test
  void a_right_taken_away_counts_from_the_next_call_on() throws Exception {
    byte[] file = fileOf(ANN, "f", 0666);
    assertThat(bob.write(file, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.OK);
    assertThat(bob.read(file, 0, 1).status()).isEqualTo(Status.OK);
    ann.setattr(file, Sattr.ofMode(0600));
    assertThat(bob.write(file, 0, UNSTABLE, bytes("x")).status()).isEqualTo(Status.ACCES);
    assertThat(bob.read(file, 0, 1).status()).isEqualTo(Status.ACCES);
    root.setattr(file, Sattr.ofOwner(BOB, null));
    assertThat(bob.read(file, 0, 1).status()).isEqualTo(Status.OK);
    assertThat(ann.read(file, 0, 1).status()).isEqualTo(Status.ACCES);
  }

  @Test
  void readlink_needs_no_right_on_the_link() throws Exception {
    byte[] link = root.symlink(top, "l", "target").handle();
    assertThat(ann.readlink(link).path()).isEqualTo(bytes("target"));
  }
}
