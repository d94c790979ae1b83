package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Directories and what is in them, as a client sees them on the wire. */
class NfsNamesTest extends NfsScript {
  @Test
  void hard_links_have_one_handle() throws Exception {
    byte[] handle = file("one", "");
    assertThat(status(LINK, a -> a.opaque(handle).opaque(rootHandle).text("two"))).isEqualTo(OK);
    assertThat(lookup(rootHandle, "two")).isEqualTo(handle);
  }

  @Test
  void a_deleted_file_is_stale() throws Exception {
    byte[] here = file("here", "x");
    byte[] elsewhere = file("elsewhere", "x");
    assertThat(status(REMOVE, a -> a.opaque(rootHandle).text("here"))).isEqualTo(OK);
    Files.delete(root.resolve("elsewhere"));
    assertThat(status(GETATTR, a -> a.opaque(here))).isEqualTo(STALE);
    assertThat(status(GETATTR, a -> a.opaque(elsewhere))).isEqualTo(STALE);
  }

  @Test
  void above_the_root_is_the_root() throws Exception {
    assertThat(lookup(rootHandle, "..")).isEqualTo(rootHandle);
    assertThat(lookup(rootHandle, ".")).isEqualTo(rootHandle);
    Files.createDirectory(root.resolve("sub"));
    assertThat(lookup(lookup(rootHandle, "sub"), "..")).isEqualTo(rootHandle);
  }

  @Test
  void a_name_with_a_slash_or_too_long_is_refused() throws Exception {
    byte[] file = file("f", "");
    assertThat(status(LOOKUP, a -> a.opaque(rootHandle).text("a/b"))).isEqualTo(ACCES);
    assertThat(status(LOOKUP, a -> a.opaque(rootHandle).text("n".repeat(256)))).isEqualTo(63);
    assertThat(status(LOOKUP, a -> a.opaque(file).text("x"))).isEqualTo(NOTDIR);
  }

  @Test
  void devices_are_made_and_told_with_their_numbers() throws Exception {
    Client.Results made =
        client.nfs(MKNOD, a -> a.opaque(rootHandle).text("c").u32(4).mode(0620).u32(204, 70000));
    assertThat(made.u32()).isEqualTo(OK);
    made.skip(4).opaque();
    assertThat(made.u32()).isEqualTo(1);
    assertThat(made.u32()).isEqualTo(4);
    assertThat(made.u32()).isEqualTo(0620);
    made.skip(12 + 16);
    assertThat(made.u32()).isEqualTo(204);
    assertThat(made.u32()).isEqualTo(70000);
    for (int kind : new int[] {6, 7}) {
      assertThat(status(MKNOD, a -> a.opaque(rootHandle).text("p" + kind).u32(kind).mode(0600)))
          .isEqualTo(OK);
    }
    assertThat(status(READ, a -> a.opaque(lookup("p7")).u64(0).u32(1))).isEqualTo(22);
  }

  @Test
  void link_targets_and_names_are_bytes() throws Exception {
    assertThat(
            status(
                SYMLINK,
                a -> a.opaque(rootHandle).text("caf\u00e9").keepAll().text("t\u00ff\u0001")))
        .isEqualTo(OK);
    Client.Results reply = client.nfs(READLINK, a -> a.opaque(lookup("caf\u00e9")));
    assertThat(reply.u32()).isEqualTo(OK);
    assertThat(reply.skipPostOp().opaque()).isEqualTo(new byte[] {'t', (byte) 0xff, 1});
    assertThat(names(READDIR, 4096)).contains("caf\u00e9");
  }

  @Test
  void remove_and_rmdir_keep_to_their_kind() throws Exception {
    Files.createDirectory(root.resolve("dir"));
    file("file", "");
    Files.createFile(root.resolve("dir/inside"));
    assertThat(status(REMOVE, a -> a.opaque(rootHandle).text("dir"))).isEqualTo(ISDIR);
    assertThat(status(RMDIR, a -> a.opaque(rootHandle).text("file"))).isEqualTo(NOTDIR);
    assertThat(status(RMDIR, a -> a.opaque(rootHandle).text("dir"))).isEqualTo(NOTEMPTY);
    assertThat(
            status(
                RENAME, a -> a.opaque(rootHandle).text("dir").opaque(lookup("dir")).text("itself")))
        .isEqualTo(22);
  }

  @Test
  void renaming_over_a_file_keeps_the_handle_and_makes_the_old_one_stale() throws Exception {
    byte[] fresh = file("fresh", "new");
    byte[] old = file("old", "old");
    Client.Results reply =
        client.nfs(RENAME, a -> a.opaque(rootHandle).text("fresh").opaque(rootHandle).text("old"));
    assertThat(reply.u32()).isEqualTo(OK);
    assertThat(reply.skipWcc().skipWcc().remaining()).isZero();
    assertThat(lookup("old")).isEqualTo(fresh);
    assertThat(status(GETATTR, a -> a.opaque(old))).isEqualTo(STALE);
  }

  @Test
  void a_directory_in_a_set_gid_directory_inherits() throws Exception {
    byte[] made = made(client.nfs(MKDIR, a -> a.opaque(rootHandle).text("d").mode(02755)));
    assertThat(status(SETATTR, a -> a.opaque(made).u32(0, 0, 1, 50, 0, 0, 0, 0))).isEqualTo(OK);
    byte[] inner = made(client.nfs(MKDIR, a -> a.opaque(made).text("e").mode(0750)));
    assertThat(inner).isNotEmpty();
    Path path = root.resolve("d/e");
    assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(50);
    assertThat((int) Files.getAttribute(path, "unix:mode") & 07777).isEqualTo(02750);
  }

  @Test
  void listings_of_any_size_give_every_name_once() throws Exception {
    Set<String> expected = new TreeSet<>(Set.of(".", ".."));
    for (int i = 0; i < 500; i++) {
      expected.add("file-" + i);
      Files.createFile(root.resolve("file-" + i));
    }
    for (int size : new int[] {512, 4096, 1 << 20}) {
      assertThat(names(READDIR, size)).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(names(READDIRPLUS, size)).containsExactlyInAnyOrderElementsOf(expected);
    }
    assertThat(status(READDIR, a -> a.opaque(rootHandle).u64(0).u64(0).u32(16)))
        .isEqualTo(TOOSMALL);
  }

  @Test
  void a_device_in_the_export_is_never_opened() throws Exception {
    assertThat(status(MKNOD, a -> a.opaque(rootHandle).text("fifo").u32(7).mode(0666)))
        .isEqualTo(OK);
    byte[] fifo = lookup("fifo");
    assertThat(status(READ, a -> a.opaque(fifo).u64(0).u32(1))).isEqualTo(22);
    assertThat(status(WRITE, a -> a.opaque(fifo).u64(0).u32(1, 2).opaque(new byte[1])))
        .isEqualTo(22);
    assertThat(status(COMMIT, a -> a.opaque(fifo).u64(0).u32(0))).isEqualTo(22);
    assertThat(status(SETATTR, a -> a.opaque(fifo).mode(0600).u32(0))).isEqualTo(OK);
    assertThat(Files.exists(root.resolve("fifo"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void a_directory_that_may_be_read_but_not_searched_gives_names_only() throws Exception {
    Path closed = Files.createDirectory(root.resolve("closed"));
    Files.createFile(closed.resolve("inside"));
    byte[] handle = lookup("closed");
    Files.setAttribute(closed, "unix:mode", 0744);
    client.as(1000, 1000);
    Client.Results reply =
        client.nfs(READDIRPLUS, a -> a.opaque(handle).u64(0).u64(0).u32(4096, 4096));
    assertThat(reply.u32()).isEqualTo(OK);
    reply.skipPostOp().skip(8);
    while (reply.u32() == 1) {
      reply.u64();
      assertThat(reply.opaque()).isNotEmpty();
      reply.u64();
      assertThat(reply.u64()).isZero();
    }
    Files.setAttribute(closed, "unix:mode", 0700);
    assertThat(status(READDIR, a -> a.opaque(handle).u64(0).u64(0).u32(4096))).isEqualTo(ACCES);
  }

  @Test
  void a_size_given_for_what_has_none_is_passed_over() throws Exception {
    assertThat(
            status(
                MKDIR, a -> a.opaque(rootHandle).text("d").u32(1, 0700, 0, 0, 1).u64(9).u32(0, 0)))
        .isEqualTo(OK);
    assertThat(
            status(
                SYMLINK,
                a -> a.opaque(rootHandle).text("l").u32(0, 0, 0, 1).u64(9).u32(0, 0).text("d")))
        .isEqualTo(OK);
  }
}
