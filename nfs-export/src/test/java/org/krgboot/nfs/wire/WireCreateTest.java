package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.GUARDED;
import static org.krgboot.nfs.wire.NfsClient.UNCHECKED;
import static org.krgboot.nfs.wire.NfsClient.bytes;
import static org.krgboot.nfs.wire.Sattr.at;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Checklist 4, 7 and 8: making files, directories, links and nodes. */
final class WireCreateTest extends WireTest {
  private static final long VERIFIER = 0x0123456789abcdefL;
  private static final long OTHER_VERIFIER = 0xfedcba9876543210L;

  @Test
  void unchecked_takes_an_existing_file_as_it_is() throws Exception {
    byte[] file = file("f", 0600);
    root.write(file, 0, 2, bytes("kept"));
    Results.Made again = root.create(top, "f", UNCHECKED, Sattr.NOTHING);
    assertThat(again.status()).isEqualTo(Status.OK);
    assertThat(again.handle()).isEqualTo(file);
    assertThat(root.read(file, 0, 10).bytes()).isEqualTo(bytes("kept"));
  }

  @Test
  void unchecked_with_size_0_truncates_an_existing_file() throws Exception {
    byte[] file = file("f", 0600);
    root.write(file, 0, 2, bytes("gone"));
    assertThat(root.create(top, "f", UNCHECKED, Sattr.ofSize(0)).status()).isEqualTo(Status.OK);
    assertThat(attributes(file).size()).isZero();
  }

  @Test
  void guarded_refuses_an_existing_name_of_any_kind() throws Exception {
    file("f", 0600);
    directory("d", 0700);
    root.symlink(top, "l", "nowhere");
    for (String name : new String[] {"f", "d", "l"}) {
      assertThat(root.create(top, name, GUARDED, Sattr.NOTHING).status()).isEqualTo(Status.EXIST);
    }
  }

  @Test
  void unchecked_never_follows_a_link_nor_opens_a_fifo() throws Exception {
    root.symlink(top, "l", path.resolve("outside").toString());
    root.mknod(top, "p", Fattr.FIFO, Sattr.ofMode(0666));
    directory("d", 0700);
    for (String name : new String[] {"l", "p", "d"}) { // RFC 1813 does not say; knfsd answers OK
      Results.Made made = root.create(top, name, UNCHECKED, Sattr.ofSize(0));
      if (made.status() == Status.OK) {
        assertThat(made.handle()).isEqualTo(root.lookup(top, name).handle());
        assertThat(made.attributes().type()).isNotEqualTo(Fattr.REG);
      } else {
        assertThat(made.status()).isIn(Status.EXIST, Status.ISDIR, Status.INVAL);
      }
    }
    assertThat(path.resolve("outside")).doesNotExist();
  }

  @Test
  void an_exclusive_create_sent_again_finds_its_own_file() throws Exception {
    Results.Made first = root.createExclusive(top, "f", VERIFIER);
    assertThat(first.status()).isEqualTo(Status.OK);
    Results.Made again = root.createExclusive(top, "f", VERIFIER);
    assertThat(again.status()).isEqualTo(Status.OK);
    assertThat(again.handle()).isEqualTo(first.handle());
    assertThat(root.createExclusive(top, "f", OTHER_VERIFIER).status()).isEqualTo(Status.EXIST);
    assertThat(root.createExclusive(top, "f", VERIFIER ^ 1).status()).isEqualTo(Status.EXIST);
    assertThat(root.createExclusive(top, "f", VERIFIER ^ 1L << 63).status())
        .isEqualTo(Status.EXIST);
  }

  @Test
  void an_exclusive_create_is_remembered_over_a_restart() throws Exception {
    byte[] file = root.createExclusive(top, "f", -1L).handle();
    restart();
    Results.Made again = root.createExclusive(top, "f", -1L);
    assertThat(again.status()).isEqualTo(Status.OK);
    assertThat(again.handle()).isEqualTo(file);
    assertThat(root.createExclusive(top, "f", -2L).status()).isEqualTo(Status.EXIST);
  }

  @Test
  void the_setattr_after_an_exclusive_create_ends_it() throws Exception {
    byte[] file = root.createExclusive(top, "f", VERIFIER).handle();
    Sattr usual = new Sattr(0644, null, null, null, Sattr.NOW, Sattr.NOW);
    assertThat(root.setattr(file, usual).status()).isEqualTo(Status.OK);
    assertThat(attributes(file).mode()).isEqualTo(0644);
    assertThat(root.createExclusive(top, "f", VERIFIER).status()).isEqualTo(Status.EXIST);
  }

  @Test
  void an_exclusive_create_refuses_a_file_that_was_there() throws Exception {
    file("f", 0644);
    assertThat(root.createExclusive(top, "f", 0).status()).isEqualTo(Status.EXIST);
    assertThat(root.createExclusive(top, "f", VERIFIER).status()).isEqualTo(Status.EXIST);
  }

  @Test
  void the_first_attributes_are_as_asked_and_no_umask_cuts_them() throws Exception {
    Sattr all = new Sattr(06777, 5, 6, 4321L, at(1, 2), at(3, 4));
    Fattr made = root.create(top, "f", GUARDED, all).attributes();
    assertThat(made.mode()).isEqualTo(06777);
    assertThat(made.uid()).isEqualTo(5);
    assertThat(made.gid()).isEqualTo(6);
    assertThat(made.size()).isEqualTo(4321);
    assertThat(made.atime()).isEqualTo(new Fattr.Time(1, 2));
    assertThat(made.mtime()).isEqualTo(new Fattr.Time(3, 4));
    assertThat(root.create(top, "g", GUARDED, Sattr.ofMode(0666)).attributes().mode())
        .isEqualTo(0666);
    assertThat(root.mkdir(top, "d", Sattr.ofMode(01777)).attributes().mode()).isEqualTo(01777);
  }

  @Test
  void attributes_may_be_left_out_one_by_one() throws Exception {
    assertThat(root.create(top, "a", GUARDED, Sattr.NOTHING).status()).isEqualTo(Status.OK);
    Fattr owned = root.create(top, "b", GUARDED, Sattr.ofOwner(7, null)).attributes();
    assertThat(owned.uid()).isEqualTo(7);
    assertThat(owned.gid()).isZero();
    assertThat(root.mkdir(top, "c", Sattr.ofOwner(null, 8)).attributes().gid()).isEqualTo(8);
    assertThat(root.mkdir(top, "d", Sattr.NOTHING).status()).isEqualTo(Status.OK);
  }

  @Test
  void what_is_made_comes_back_with_real_attributes_of_it_and_its_directory() throws Exception {
    Fattr before = attributes(top);
    Results.Made dir = root.mkdir(top, "d", Sattr.ofMode(0755));
    assertThat(dir.attributes()).isEqualTo(attributes(dir.handle()));
    assertThat(dir.attributes().nlink()).isEqualTo(2);
    Fattr.Wcc wcc = dir.directory();
    assertThat(wcc.before() == null || wcc.before().matches(before)).isTrue();
    assertThat(wcc.after() == null || wcc.after().equals(attributes(top))).isTrue();
    assertThat(attributes(top).nlink()).isEqualTo(before.nlink() + 1);
    Results.Made file = root.create(top, "f", GUARDED, Sattr.ofMode(0644));
    assertThat(file.attributes()).isEqualTo(attributes(file.handle()));
    assertThat(file.attributes().nlink()).isEqualTo(1);
    assertThat(file.directory().after().nlink()).isEqualTo(before.nlink() + 1);
  }

  @Test
  void an_existing_name_is_never_made_again() throws Exception {
    byte[] file = file("f", 0644);
    assertThat(root.mkdir(top, "f", Sattr.NOTHING).status()).isEqualTo(Status.EXIST);
    assertThat(root.symlink(top, "f", "x").status()).isEqualTo(Status.EXIST);
    assertThat(root.mknod(top, "f", Fattr.FIFO, Sattr.NOTHING).status()).isEqualTo(Status.EXIST);
    assertThat(root.link(file, top, "f").status()).isEqualTo(Status.EXIST);
  }

  @Test
  void every_kind_of_node_is_made_with_its_numbers() throws Exception {
    int[][] devices = {{1, 3}, {4, 64}, {259, 300}, {4095, 0xfffff}};
    for (int[] device : devices) {
      for (int kind : new int[] {Fattr.CHR, Fattr.BLK}) {
        String name = "n" + kind + "." + device[0];
        Fattr made = root.mknod(top, name, kind, Sattr.ofMode(0660), device).attributes();
        assertThat(made.type()).isEqualTo(kind);
        assertThat(made.rdevMajor()).isEqualTo(device[0]);
        assertThat(made.rdevMinor()).isEqualTo(device[1]);
        assertThat(made.mode()).isEqualTo(0660);
      }
    }
    Sattr open = Sattr.ofMode(0666);
    assertThat(root.mknod(top, "p", Fattr.FIFO, open).attributes().type()).isEqualTo(Fattr.FIFO);
    assertThat(root.mknod(top, "s", Fattr.SOCK, open).attributes().type()).isEqualTo(Fattr.SOCK);
    assertThat(root.lookup(top, "p").attributes().mode()).isEqualTo(0666);
  }

  @Test
  void a_node_that_the_host_made_shows_its_numbers() throws Exception {
    root.mknod(top, "console", Fattr.CHR, Sattr.ofMode(0600), new int[] {5, 1});
    assertThat(Files.getAttribute(exported.resolve("console"), "unix:rdev")).isEqualTo(0x501L);
  }

  @Test
  void a_node_of_a_kind_that_mknod_does_not_make_is_a_bad_type() throws Exception {
    for (int kind : new int[] {Fattr.REG, Fattr.DIR, Fattr.LNK}) {
      assertThat(root.mknodOfKind(top, "n", kind).status()).isEqualTo(Status.BADTYPE);
    }
    int[] tooLarge = {1 << 12, 1 << 20};
    assertThat(root.mknod(top, "n", Fattr.CHR, Sattr.NOTHING, tooLarge).status())
        .isNotEqualTo(Status.OK);
    assertThat(root.lookup(top, "n").status()).isEqualTo(Status.NOENT);
  }

  @Test
  void a_directory_cannot_be_linked() throws Exception {
    byte[] dir = directory("d", 0755);
    assertThat(root.link(dir, top, "e").status())
        .isIn(Status.PERM, Status.ISDIR, Status.INVAL, Status.NOTSUPP);
  }

  @Test
  void fifos_and_symbolic_links_can_be_linked() throws Exception {
    byte[] fifo = root.mknod(top, "p", Fattr.FIFO, Sattr.ofMode(0600)).handle();
    byte[] link = root.symlink(top, "l", "nowhere").handle();
    assertThat(root.link(fifo, top, "p2").status()).isEqualTo(Status.OK);
    assertThat(root.link(link, top, "l2").status()).isEqualTo(Status.OK);
    assertThat(root.readlink(root.lookup(top, "l2").handle()).path()).isEqualTo(bytes("nowhere"));
  }
}
