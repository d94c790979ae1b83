package org.krgboot.nfs.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/**
 * A call that is sent again to a server that was started meanwhile is done once. What a kill leaves
 * behind is made by hand: all of it, with the answer; without the answer, after the deed or before.
 */
final class WireRecoveryTest extends WireTest {
  private static final int CREATE = 8;
  private static final int MKDIR = 9;
  private static final int SYMLINK = 10;
  private static final int MKNOD = 11;
  private static final int REMOVE = 12;
  private static final int RMDIR = 13;
  private static final int RENAME = 14;
  private static final int LINK = 15;

  /** Of the journal's file: docs/decisions/0007. */
  private static final int HEAD = 4096;

  private static final int SLOT = 512;
  private static final int ANSWER = 48;

  private int xid = 0x5000;

  private byte[] call(int procedure, XdrOut arguments) {
    int[] what = {Transport.NFS, 3, procedure};
    return RpcReply.call(xid++, what, Caller.ROOT, arguments.bytes());
  }

  private XdrOut in(String name) {
    return new XdrOut().opaque(top).opaque(bytes(name));
  }

  private static XdrOut with(XdrOut out, Sattr attributes) {
    attributes.write(out);
    return out;
  }

  private Status send(byte[] call) throws IOException {
    return Status.read(connection.exchange(call).body());
  }

  private void ok(byte[] call) throws IOException {
    assertThat(send(call)).isEqualTo(Status.OK);
  }

  /** As if the process had died before it had an answer. */
  private void loseAnswers() throws IOException {
    Path journal = path.resolve("state").resolve("nfs-calls.journal");
    try (FileChannel file = FileChannel.open(journal, StandardOpenOption.WRITE)) {
      for (long at = HEAD; at < file.size(); at += SLOT) {
        file.write(ByteBuffer.allocate(8), at + ANSWER);
      }
    }
  }

  private void dieUnanswered() throws Exception {
    stop();
    loseAnswers();
    serve(exports());
  }

  private Path local(String name) {
    return exported.resolve(name);
  }

  @Test
  void what_was_answered_is_answered_the_same_by_the_next_server() throws Exception {
    file("f", 0644);
    byte[] remove = call(REMOVE, in("f"));
    byte[] mkdir = call(MKDIR, with(in("d"), Sattr.ofMode(0755)));
    ok(remove);
    ok(mkdir);
    byte[] dir = root.lookup(top, "d").handle();
    restart();
    Files.createFile(local("f"));
    ok(remove);
    assertThat(local("f")).exists();
    XdrIn again = connection.exchange(mkdir).body();
    assertThat(Status.read(again)).isEqualTo(Status.OK);
    assertThat(again.bool()).isTrue();
    assertThat(again.opaque()).isEqualTo(dir);
    restart();
    ok(remove);
    assertThat(local("f")).exists();
  }

  @Test
  void a_removal_that_was_done_is_a_success() throws Exception {
    file("f", 0644);
    directory("d", 0755);
    byte[] remove = call(REMOVE, in("f"));
    byte[] rmdir = call(RMDIR, in("d"));
    ok(remove);
    ok(rmdir);
    dieUnanswered();
    ok(remove);
    ok(rmdir);
    dieUnanswered(); // and once more, before the new answer left
    ok(remove);
    ok(rmdir);
  }

  @Test
  void a_removal_that_was_done_does_not_take_a_file_made_since() throws Exception {
    file("f", 0644);
    byte[] remove = call(REMOVE, in("f"));
    ok(remove);
    dieUnanswered();
    byte[] fresh = file("f", 0600);
    ok(remove);
    assertThat(root.lookup(top, "f").handle()).isEqualTo(fresh);
  }

  @Test
  void a_removal_that_was_only_begun_is_done() throws Exception {
    byte[] file = file("f", 0644);
    root.link(file, top, "kept");
    byte[] remove = call(REMOVE, in("f"));
    ok(remove);
    Files.createLink(local("f"), local("kept")); // as it was before
    dieUnanswered();
    ok(remove);
    assertThat(local("f")).doesNotExist();
    assertThat(local("kept")).exists();
  }

  @Test
  void a_rename_that_was_done_is_a_success() throws Exception {
    byte[] file = file("f", 0644);
    file("old", 0644);
    byte[] rename = call(RENAME, in("f").opaque(top).opaque(bytes("old")));
    ok(rename);
    dieUnanswered();
    ok(rename);
    assertThat(root.lookup(top, "old").handle()).isEqualTo(file);
  }

  @Test
  void a_rename_that_was_done_does_not_move_a_file_made_since() throws Exception {
    byte[] file = file("f", 0644);
    byte[] rename = call(RENAME, in("f").opaque(top).opaque(bytes("g")));
    ok(rename);
    dieUnanswered();
    byte[] fresh = file("f", 0600);
    ok(rename);
    assertThat(root.lookup(top, "f").handle()).isEqualTo(fresh);
    assertThat(root.lookup(top, "g").handle()).isEqualTo(file);
  }

  @Test
  void a_rename_that_was_only_begun_is_done() throws Exception {
    byte[] file = file("f", 0644);
    byte[] rename = call(RENAME, in("f").opaque(top).opaque(bytes("g")));
    ok(rename);
    Files.move(local("g"), local("f"));
    dieUnanswered();
    ok(rename);
    assertThat(root.lookup(top, "g").handle()).isEqualTo(file);
    assertThat(local("f")).doesNotExist();
  }

  @Test
  void what_was_made_is_a_success_with_its_own_handle_and_attributes() throws Exception {
    byte[] file = file("f", 0644);
    byte[][] calls = {
      call(CREATE, with(in("a").word(NfsClient.GUARDED), Sattr.ofMode(04751))),
      call(MKDIR, with(in("b"), Sattr.ofMode(0751))),
      call(SYMLINK, with(in("c"), Sattr.NOTHING).opaque(bytes("target"))),
      call(MKNOD, with(in("d").word(Fattr.FIFO), Sattr.ofMode(0640))),
      call(MKNOD, with(in("e").word(Fattr.CHR), Sattr.ofMode(0600)).words(5, 1)),
      call(CREATE, with(in("g").word(NfsClient.UNCHECKED), Sattr.ofMode(0640))),
    };
    byte[] link = call(LINK, new XdrOut().opaque(file).opaque(top).opaque(bytes("h")));
    for (byte[] each : calls) {
      ok(each);
    }
    ok(link);
    for (int i = 0; i < 2; i++) {
      dieUnanswered();
      String names = "abcdeg";
      for (int n = 0; n < names.length(); n++) {
        Results.Found there = root.lookup(top, names.substring(n, n + 1));
        XdrIn again = connection.exchange(calls[n]).body();
        assertThat(Status.read(again)).as(names.substring(n, n + 1)).isEqualTo(Status.OK);
        assertThat(again.bool()).isTrue();
        assertThat(again.opaque()).isEqualTo(there.handle());
        Fattr attributes = Fattr.readOptional(again);
        assertThat(attributes.mode()).isEqualTo(there.attributes().mode());
        assertThat(attributes.type()).isEqualTo(there.attributes().type());
      }
      ok(link);
    }
    assertThat(attributes(file).nlink()).isEqualTo(2);
    assertThat(attributes(root.lookup(top, "a").handle()).mode()).isEqualTo(04751);
  }

  @Test
  void what_was_made_and_not_yet_given_its_owner_and_mode_is_completed() throws Exception {
    Sattr wanted = new Sattr(0640, ANN, BOB, null, Sattr.KEEP, Sattr.at(77, 5));
    byte[] create = call(CREATE, with(in("f").word(NfsClient.GUARDED), wanted));
    ok(create);
    Files.delete(local("f"));
    Files.writeString(local("f"), "by another client", UTF_8);
    dieUnanswered();
    ok(create);
    Fattr attributes = root.lookup(top, "f").attributes();
    assertThat(attributes.uid()).isEqualTo(ANN);
    assertThat(attributes.gid()).isEqualTo(BOB);
    assertThat(attributes.mode()).isEqualTo(0640);
    assertThat(attributes.mtime().seconds()).isEqualTo(77);
    assertThat(attributes.size()).isEqualTo(17);
  }

  @Test
  void what_was_only_begun_is_made() throws Exception {
    byte[] file = file("f", 0644);
    byte[] mkdir = call(MKDIR, with(in("d"), Sattr.ofMode(0755)));
    byte[] link = call(LINK, new XdrOut().opaque(file).opaque(top).opaque(bytes("h")));
    ok(mkdir);
    ok(link);
    Files.delete(local("d"));
    Files.delete(local("h"));
    dieUnanswered();
    ok(mkdir);
    ok(link);
    assertThat(local("d")).isDirectory();
    assertThat(local("h")).exists();
  }

  @Test
  void what_is_something_else_is_in_the_way_as_ever() throws Exception {
    byte[] symlink = call(SYMLINK, with(in("l"), Sattr.NOTHING).opaque(bytes("target")));
    byte[] mkdir = call(MKDIR, with(in("d"), Sattr.ofMode(0755)));
    byte[] link = call(LINK, new XdrOut().opaque(file("f", 0644)).opaque(top).opaque(bytes("h")));
    ok(symlink);
    ok(mkdir);
    ok(link);
    Files.delete(local("l"));
    Files.delete(local("d"));
    Files.delete(local("h"));
    Files.createSymbolicLink(local("l"), Path.of("elsewhere"));
    Files.createFile(local("d"));
    Files.createFile(local("h"));
    dieUnanswered();
    assertThat(send(symlink)).isEqualTo(Status.EXIST);
    assertThat(send(mkdir)).isEqualTo(Status.EXIST);
    assertThat(send(link)).isEqualTo(Status.EXIST);
  }

  @Test
  void a_directory_that_another_client_made_first_is_not_taken_for_ones_own() throws Exception {
    byte[] mkdir = call(MKDIR, with(in("lock"), Sattr.ofMode(0755)));
    ok(mkdir);
    Files.delete(local("lock")); // begun, not done
    dieUnanswered();
    directory("lock", 0755); // by another
    assertThat(send(mkdir)).isEqualTo(Status.EXIST);
  }

  @Test
  void what_failed_and_was_not_answered_fails_again() throws Exception {
    directory("full", 0755);
    Files.createFile(local("full").resolve("f"));
    file("there", 0644);
    byte[] rmdir = call(RMDIR, in("full"));
    byte[] create = call(CREATE, with(in("there").word(NfsClient.GUARDED), Sattr.NOTHING));
    byte[] remove = call(REMOVE, in("none"));
    assertThat(send(rmdir)).isEqualTo(Status.NOTEMPTY);
    assertThat(send(create)).isEqualTo(Status.EXIST);
    assertThat(send(remove)).isEqualTo(Status.NOENT);
    dieUnanswered();
    assertThat(send(rmdir)).isEqualTo(Status.NOTEMPTY);
    assertThat(send(create)).isEqualTo(Status.EXIST);
    assertThat(send(remove)).isEqualTo(Status.NOENT);
  }

  @Test
  void a_guarded_change_of_attributes_that_was_done_is_a_success() throws Exception {
    byte[] file = file("f", 0644);
    XdrOut arguments = with(new XdrOut().opaque(file), Sattr.ofMode(0600)).word(1);
    attributes(file).ctime().write(arguments);
    byte[] setattr = call(2, arguments);
    ok(setattr);
    dieUnanswered();
    ok(setattr);
    dieUnanswered();
    root.setattr(file, Sattr.ofMode(0640)); // by another
    assertThat(send(setattr)).isEqualTo(Status.NOT_SYNC);
    assertThat(attributes(file).mode()).isEqualTo(0640);
  }

  @Test
  void a_new_call_that_has_the_same_number_is_a_new_call() throws Exception {
    file("f", 0644);
    file("g", 0644);
    int number = xid;
    ok(call(REMOVE, in("f")));
    restart();
    xid = number;
    ok(call(REMOVE, in("g")));
    assertThat(exported).isEmptyDirectory();
  }

  @Test
  void a_journal_that_is_cut_off_under_the_server_costs_one_call_at_most() throws Exception {
    Files.write(path.resolve("state").resolve("nfs-calls.journal"), new byte[0]);
    int refused = 0;
    for (int i = 0; i < 6; i++) {
      byte[] mkdir = call(MKDIR, with(in("d" + i), Sattr.ofMode(0755)));
      refused += connection.exchange(mkdir).outcome() == RpcReply.Outcome.SUCCESS ? 0 : 1;
    }
    assertThat(refused).isLessThanOrEqualTo(1);
    assertThat(root.mkdir(top, "more", Sattr.ofMode(0755)).status()).isEqualTo(Status.OK);
  }
}
