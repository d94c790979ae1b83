package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Checklist 3, 7 and 14: REMOVE, RMDIR, RENAME and what they refuse. */
final class WireRemoveTest extends WireTest {
  @Test
  void remove_takes_no_directory() throws Exception {
    directory("d", 0755);
    assertThat(root.remove(top, "d").status()).isIn(Status.ISDIR, Status.PERM);
    assertThat(exported.resolve("d")).isDirectory();
  }

  @Test
  void rmdir_takes_directories_only() throws Exception {
    file("f", 0644);
    directory("d", 0755);
    root.symlink(top, "l", "d");
    assertThat(root.rmdir(top, "f").status()).isEqualTo(Status.NOTDIR);
    assertThat(root.rmdir(top, "l").status()).isEqualTo(Status.NOTDIR);
    assertThat(root.rmdir(top, "d").status()).isEqualTo(Status.OK);
    assertThat(exported.resolve("f")).exists();
  }

  @Test
  void rmdir_refuses_a_directory_with_something_in_it() throws Exception {
    Files.createDirectories(exported.resolve("d/e"));
    assertThat(root.rmdir(top, "d").status()).isIn(Status.NOTEMPTY, Status.EXIST);
  }

  @Test
  void what_is_not_there_is_noent() throws Exception {
    assertThat(root.remove(top, "none").status()).isEqualTo(Status.NOENT);
    assertThat(root.rmdir(top, "none").status()).isEqualTo(Status.NOENT);
    assertThat(root.rename(top, "none", top, "x").status()).isEqualTo(Status.NOENT);
    assertThat(root.lookup(top, "none").status()).isEqualTo(Status.NOENT);
  }

  @Test
  void removing_tells_the_directory_before_and_after() throws Exception {
    directory("d", 0755);
    Fattr before = attributes(top);
    Fattr.Wcc wcc = root.rmdir(top, "d").wcc();
    assertThat(wcc.before() == null || wcc.before().matches(before)).isTrue();
    assertThat(wcc.after() == null || wcc.after().equals(attributes(top))).isTrue();
    assertThat(attributes(top).nlink()).isEqualTo(before.nlink() - 1);
    assertThat(root.remove(top, "none").wcc().after()).isIn(null, attributes(top));
  }

  @Test
  void removing_a_link_leaves_its_target() throws Exception {
    file("f", 0644);
    root.symlink(top, "l", "f");
    assertThat(root.remove(top, "l").status()).isEqualTo(Status.OK);
    assertThat(exported.resolve("f")).exists();
  }

  @Test
  void a_rename_replaces_a_file_whose_handle_is_then_stale() throws Exception {
    byte[] from = file("from", 0644);
    root.write(from, 0, 2, bytes("new"));
    byte[] to = file("to", 0644);
    root.read(to, 0, 1);
    assertThat(root.rename(top, "from", top, "to").status()).isEqualTo(Status.OK);
    assertThat(root.lookup(top, "to").handle()).isEqualTo(from);
    assertThat(root.lookup(top, "from").status()).isEqualTo(Status.NOENT);
    assertThat(root.getattr(to).status()).isEqualTo(Status.STALE);
  }

  @Test
  void a_rename_tells_both_directories_before_and_after() throws Exception {
    byte[] dir = directory("d", 0755);
    directory("e", 0755);
    Fattr topBefore = attributes(top);
    Fattr dirBefore = attributes(dir);
    Results.Renamed renamed = root.rename(top, "e", dir, "e");
    assertThat(renamed.from().before() == null || renamed.from().before().matches(topBefore))
        .isTrue();
    assertThat(renamed.to().before() == null || renamed.to().before().matches(dirBefore)).isTrue();
    assertThat(renamed.from().after()).isIn(null, attributes(top));
    assertThat(renamed.to().after()).isIn(null, attributes(dir));
    assertThat(attributes(dir).nlink()).isEqualTo(3);
  }

  @Test
  void a_rename_over_a_directory_with_something_in_it_is_refused() throws Exception {
    directory("a", 0755);
    Files.createDirectories(exported.resolve("b/c"));
    assertThat(root.rename(top, "a", top, "b").status()).isIn(Status.NOTEMPTY, Status.EXIST);
    assertThat(root.rename(top, "b", top, "a").status()).isEqualTo(Status.OK);
    assertThat(exported.resolve("a/c")).isDirectory();
  }

  @Test
  void a_rename_of_unlike_kinds_is_refused() throws Exception {
    file("f", 0644);
    directory("d", 0755);
    assertThat(root.rename(top, "d", top, "f").status()).isIn(Status.NOTDIR, Status.EXIST);
    assertThat(root.rename(top, "f", top, "d").status()).isIn(Status.ISDIR, Status.EXIST);
  }

  @Test
  void a_rename_into_itself_is_invalid() throws Exception {
    byte[] dir = directory("d", 0755);
    byte[] below = root.mkdir(dir, "e", Sattr.ofMode(0755)).handle();
    assertThat(root.rename(top, "d", dir, "x").status()).isEqualTo(Status.INVAL);
    assertThat(root.rename(top, "d", below, "x").status()).isEqualTo(Status.INVAL);
  }

  @Test
  void a_rename_onto_the_same_file_changes_nothing() throws Exception {
    byte[] file = file("f", 0644);
    root.link(file, top, "g");
    assertThat(root.rename(top, "f", top, "f").status()).isEqualTo(Status.OK);
    assertThat(root.rename(top, "f", top, "g").status()).isEqualTo(Status.OK);
    assertThat(root.lookup(top, "f").handle()).isEqualTo(file);
    assertThat(root.lookup(top, "g").handle()).isEqualTo(file);
  }
}
