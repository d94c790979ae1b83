package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.GUARDED;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.FileCalls;

/** Checklist 2 and 12: names and link targets are bytes; "..", "/", NUL, and how long. */
final class WireNamesTest extends WireTest {
  private static final Status[] REFUSALS = {Status.ACCES, Status.INVAL, Status.NOENT};

  @Test
  void dot_dot_at_the_root_stays_at_the_root() throws Exception {
    assertThat(root.lookup(top, "..").handle()).isEqualTo(top);
    assertThat(root.lookup(top, ".").handle()).isEqualTo(top);
  }

  @Test
  void dot_dot_below_the_root_is_the_parent() throws Exception {
    byte[] dir = directory("d", 0755);
    byte[] below = root.mkdir(dir, "e", Sattr.ofMode(0755)).handle();
    assertThat(root.lookup(below, "..").handle()).isEqualTo(dir);
    assertThat(root.lookup(dir, "..").handle()).isEqualTo(top);
    assertThat(root.lookup(dir, ".").handle()).isEqualTo(dir);
  }

  @Test
  void a_name_with_a_slash_is_refused_everywhere() throws Exception {
    byte[] file = file("f", 0644);
    Files.createDirectory(exported.resolve("d"));
    Files.createFile(exported.resolve("d/x"));
    for (String name : new String[] {"d/x", "/d", "d/", "../f", "/", "./f"}) {
      assertThat(root.lookup(top, name).status()).as(name).isIn((Object[]) REFUSALS);
      assertThat(root.create(top, name, 0, Sattr.NOTHING).status()).isIn((Object[]) REFUSALS);
      assertThat(root.remove(top, name).status()).isIn((Object[]) REFUSALS);
      assertThat(root.rename(top, "f", top, name).status()).isIn((Object[]) REFUSALS);
      assertThat(root.link(file, top, name).status()).isIn((Object[]) REFUSALS);
      assertThat(root.symlink(top, name, "t").status()).isIn((Object[]) REFUSALS);
    }
    assertThat(exported.resolve("d/x")).exists();
    assertThat(exported.resolve("f")).exists();
  }

  @Test
  void a_name_with_a_nul_is_refused_everywhere() throws Exception {
    file("f", 0644);
    assertThat(root.lookup(top, "f\0x").status()).isIn((Object[]) REFUSALS);
    assertThat(root.create(top, "g\0", 0, Sattr.NOTHING).status()).isIn((Object[]) REFUSALS);
    assertThat(root.mkdir(top, "g\0x", Sattr.NOTHING).status()).isIn((Object[]) REFUSALS);
    assertThat(root.remove(top, "f\0x").status()).isIn((Object[]) REFUSALS);
    assertThat(root.rename(top, "f", top, "g\0x").status()).isIn((Object[]) REFUSALS);
    assertThat(root.symlink(top, "l", "t\0x").status()).isIn((Object[]) REFUSALS);
    assertThat(exported.toFile().list()).containsExactly("f");
  }

  @Test
  void an_empty_name_is_refused() throws Exception {
    assertThat(root.lookup(top, "").status()).isIn((Object[]) REFUSALS);
    assertThat(root.create(top, "", 0, Sattr.NOTHING).status()).isIn((Object[]) REFUSALS);
    assertThat(root.rmdir(top, "").status()).isIn((Object[]) REFUSALS);
    assertThat(exported).exists();
  }

  @Test
  void a_name_of_255_bytes_is_a_name_and_one_of_256_is_too_long() throws Exception {
    String longest = "\u00e9".repeat(255);
    byte[] file = file(longest, 0644);
    assertThat(root.lookup(top, longest).handle()).isEqualTo(file);
    String longer = "x".repeat(256);
    assertThat(root.lookup(top, longer).status()).isEqualTo(Status.NAMETOOLONG);
    assertThat(root.create(top, longer, 0, Sattr.NOTHING).status()).isEqualTo(Status.NAMETOOLONG);
    assertThat(root.mkdir(top, longer, Sattr.NOTHING).status()).isEqualTo(Status.NAMETOOLONG);
    assertThat(root.remove(top, longer).status()).isEqualTo(Status.NAMETOOLONG);
    assertThat(root.rename(top, longest, top, longer).status()).isEqualTo(Status.NAMETOOLONG);
    assertThat(root.link(file, top, longer).status()).isEqualTo(Status.NAMETOOLONG);
    assertThat(root.symlink(top, longer, "t").status()).isEqualTo(Status.NAMETOOLONG);
  }

  @Test
  void a_name_of_10000_bytes_is_refused_and_the_connection_lives() throws Exception {
    XdrOut out = new XdrOut().opaque(top).opaque(new byte[10_000]);
    connection.call(Transport.NFS, 3, 3, Caller.ROOT, out.bytes());
    root.nothing();
  }

  @Test
  void a_name_that_is_not_utf_8_is_the_same_bytes_everywhere() throws Exception {
    String latin = "caf\u00e9\u00ff\u0001\n";
    byte[] file = file(latin, 0644);
    assertThat(root.lookup(top, latin).handle()).isEqualTo(file);
    assertThat(root.readdir(top, 0, NO_VERIFIER, 4096).names()).contains(latin);
    byte[] host = bytes(exported + "/" + latin);
    assertThat(FileCalls.statx(AtFlags.AT_FDCWD, host, 0).inode())
        .isEqualTo(attributes(file).fileid());
    assertThat(root.rename(top, latin, top, "th\u00e9").status()).isEqualTo(Status.OK);
    assertThat(root.remove(top, "th\u00e9").status()).isEqualTo(Status.OK);
  }

  @Test
  void a_link_target_is_any_bytes_up_to_4095() throws Exception {
    String odd = "../caf\u00e9/\u00ff/%s /";
    byte[] link = root.symlink(top, "l", odd).handle();
    Results.Target target = root.readlink(link);
    assertThat(target.path()).isEqualTo(bytes(odd));
    assertThat(target.attributes().type()).isEqualTo(Fattr.LNK);
    String longest = "x".repeat(4095);
    assertThat(root.readlink(root.symlink(top, "m", longest).handle()).path())
        .isEqualTo(bytes(longest));
    assertThat(root.symlink(top, "n", "x".repeat(4096)).status())
        .isIn(Status.NAMETOOLONG, Status.INVAL);
  }

  @Test
  void dot_and_dot_dot_cannot_be_made_removed_or_renamed() throws Exception {
    byte[] dir = directory("d", 0755);
    byte[] file = root.create(dir, "f", GUARDED, Sattr.ofMode(0644)).handle();
    for (String dots : new String[] {".", ".."}) {
      assertThat(root.create(dir, dots, GUARDED, Sattr.NOTHING).status()).isNotEqualTo(Status.OK);
      assertThat(root.mkdir(dir, dots, Sattr.NOTHING).status()).isNotEqualTo(Status.OK);
      assertThat(root.symlink(dir, dots, "t").status()).isNotEqualTo(Status.OK);
      assertThat(root.link(file, dir, dots).status()).isNotEqualTo(Status.OK);
      assertThat(root.remove(dir, dots).status()).isNotEqualTo(Status.OK);
      assertThat(root.rmdir(dir, dots).status()).isNotEqualTo(Status.OK);
      assertThat(root.rename(dir, dots, top, "n").status()).isNotEqualTo(Status.OK);
      assertThat(root.rename(dir, "f", top, dots).status()).isNotEqualTo(Status.OK);
    }
    assertThat(root.lookup(dir, "f").handle()).isEqualTo(file);
  }

  @Test
  void a_name_in_what_is_no_directory_is_notdir() throws Exception {
    byte[] file = file("f", 0644);
    byte[] link = root.symlink(top, "l", ".").handle();
    for (byte[] notDirectory : new byte[][] {file, link}) {
      assertThat(root.lookup(notDirectory, "x").status()).isEqualTo(Status.NOTDIR);
      assertThat(root.lookup(notDirectory, ".").status()).isEqualTo(Status.NOTDIR);
      assertThat(root.create(notDirectory, "x", 0, Sattr.NOTHING).status())
          .isEqualTo(Status.NOTDIR);
      assertThat(root.remove(notDirectory, "x").status()).isEqualTo(Status.NOTDIR);
      assertThat(root.rename(top, "f", notDirectory, "x").status()).isEqualTo(Status.NOTDIR);
      assertThat(root.readdir(notDirectory, 0, NO_VERIFIER, 4096).status())
          .isEqualTo(Status.NOTDIR);
    }
  }

  @Test
  void a_lookup_never_follows_a_link_and_readlink_takes_only_links() throws Exception {
    root.symlink(top, "l", "/etc/passwd");
    Results.Found found = root.lookup(top, "l");
    assertThat(found.attributes().type()).isEqualTo(Fattr.LNK);
    assertThat(root.read(found.handle(), 0, 100).status()).isEqualTo(Status.INVAL);
    assertThat(root.readlink(file("f", 0644)).status()).isEqualTo(Status.INVAL);
    assertThat(root.readlink(top).status()).isEqualTo(Status.INVAL);
  }
}
