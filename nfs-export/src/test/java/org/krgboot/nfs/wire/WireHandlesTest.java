package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.krgboot.nfs.Export;

/** Checklist 1, 2, 3 and 15: what a handle means, and for how long. */
final class WireHandlesTest extends WireTest {
  @Test
  void garbage_of_every_length_is_a_bad_handle() throws Exception {
    Random random = new Random(1813);
    for (int length = 0; length <= 64; length++) {
      byte[] garbage = new byte[length];
      for (int i = 0; i < 8; i++) {
        assertThat(root.getattr(garbage).status())
            .as("%d bytes", length)
            .isEqualTo(Status.BADHANDLE);
        random.nextBytes(garbage);
      }
    }
  }

  @Test
  void a_handle_longer_than_the_rfc_allows_is_garbage() throws Exception {
    byte[] call = new XdrOut().opaque(new byte[65]).bytes();
    assertThat(connection.call(Transport.NFS, 3, 1, Caller.ROOT, call).outcome())
        .isEqualTo(RpcReply.Outcome.GARBAGE_ARGS);
  }

  @Test
  void a_handle_with_one_bit_changed_is_refused() throws Exception {
    byte[] file = file("f", 0644);
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] forged = file.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(root.getattr(forged).status())
          .as("bit %d", bit)
          .isIn(Status.BADHANDLE, Status.STALE);
    }
  }

  @Test
  void a_handle_cut_short_or_made_longer_is_refused() throws Exception {
    byte[] file = file("f", 0644);
    assertThat(file.length).isLessThanOrEqualTo(64);
    for (int length = 0; length <= 64; length++) {
      if (length != file.length) {
        assertThat(root.getattr(Arrays.copyOf(file, length)).status())
            .as("%d bytes", length)
            .isEqualTo(Status.BADHANDLE);
      }
    }
  }

  @Test
  void a_handle_of_another_installation_is_refused() throws Exception {
    byte[] file = file("f", 0644);
    try (Served other = Served.on(path.resolve("state2"), exports());
        TcpTransport tcp = new TcpTransport(other.nfsPort())) {
      assertThat(new NfsClient(tcp, Caller.ROOT).getattr(file).status())
          .isIn(Status.BADHANDLE, Status.STALE);
    }
  }

  @Test
  void a_deleted_file_is_stale_to_every_procedure() throws Exception {
    byte[] gone = file("f", 0644);
    root.getattr(gone);
    root.read(gone, 0, 10);
    root.remove(top, "f");
    file("f", 0644); // as a rule with the same inode number
    assertThat(root.getattr(gone).status()).isEqualTo(Status.STALE);
    assertThat(root.setattr(gone, Sattr.ofMode(0600)).status()).isEqualTo(Status.STALE);
    assertThat(root.access(gone, 63).status()).isEqualTo(Status.STALE);
    assertThat(root.read(gone, 0, 10).status()).isEqualTo(Status.STALE);
    assertThat(root.write(gone, 0, 0, new byte[1]).status()).isEqualTo(Status.STALE);
    assertThat(root.commit(gone, 0, 0).status()).isEqualTo(Status.STALE);
    assertThat(root.link(gone, top, "g").status()).isEqualTo(Status.STALE);
  }

  @Test
  void a_deleted_directory_is_stale_to_every_procedure() throws Exception {
    byte[] gone = directory("d", 0755);
    root.readdir(gone, 0, NO_VERIFIER, 4096);
    root.rmdir(top, "d");
    assertThat(root.lookup(gone, "x").status()).isEqualTo(Status.STALE);
    assertThat(root.readdir(gone, 0, NO_VERIFIER, 4096).status()).isEqualTo(Status.STALE);
    assertThat(root.create(gone, "x", 0, Sattr.NOTHING).status()).isEqualTo(Status.STALE);
    assertThat(root.mkdir(gone, "x", Sattr.NOTHING).status()).isEqualTo(Status.STALE);
    assertThat(root.fsstat(gone).status()).isEqualTo(Status.STALE);
    assertThat(root.fsinfo(gone).status()).isEqualTo(Status.STALE);
    assertThat(root.pathconf(gone).status()).isEqualTo(Status.STALE);
  }

  @Test
  void a_file_deleted_on_the_server_itself_is_stale() throws Exception {
    byte[] gone = file("f", 0644);
    root.read(gone, 0, 10);
    Files.delete(exported.resolve("f"));
    assertThat(root.getattr(gone).status()).isEqualTo(Status.STALE);
    assertThat(root.lookup(top, "f").status()).isEqualTo(Status.NOENT);
  }

  @Test
  void a_handle_is_valid_across_rename_also_into_another_directory() throws Exception {
    byte[] file = file("f", 0644);
    root.write(file, 0, NfsClient.UNSTABLE, NfsClient.bytes("data"));
    byte[] dir = directory("d", 0755);
    root.rename(top, "f", dir, ".nfs0001");
    assertThat(root.read(file, 0, 10).bytes()).isEqualTo(NfsClient.bytes("data"));
    assertThat(root.lookup(dir, ".nfs0001").handle()).isEqualTo(file);
    Files.move(exported.resolve("d/.nfs0001"), exported.resolve("g"));
    assertThat(root.lookup(top, "g").handle()).isEqualTo(file);
  }

  @Test
  void hard_links_are_one_file() throws Exception {
    byte[] file = file("f", 0644);
    assertThat(root.link(file, top, "g").attributes().nlink()).isEqualTo(2);
    Results.Found found = root.lookup(top, "g");
    assertThat(found.handle()).isEqualTo(file);
    assertThat(found.attributes().fileid()).isEqualTo(attributes(file).fileid());
    root.remove(top, "f");
    assertThat(attributes(file).nlink()).isEqualTo(1);
  }

  @Test
  void a_file_made_on_the_server_itself_is_found_at_once() throws Exception {
    assertThat(root.lookup(top, "later").status()).isEqualTo(Status.NOENT);
    Files.writeString(exported.resolve("later"), "here");
    byte[] file = root.lookup(top, "later").handle();
    assertThat(root.read(file, 0, 10).bytes()).isEqualTo(NfsClient.bytes("here"));
    Files.writeString(exported.resolve("later"), "longer than before");
    assertThat(attributes(file).size()).isEqualTo(18);
  }

  @Test
  void handles_fsid_and_fileids_are_the_same_after_a_restart() throws Exception {
    byte[] file = file("f", 0644);
    byte[] oldTop = top;
    Fattr before = attributes(file);
    restart();
    assertThat(top).isEqualTo(oldTop);
    assertThat(attributes(file)).isEqualTo(before);
    assertThat(root.lookup(top, "f").handle()).isEqualTo(file);
  }

  @Test
  void a_directory_that_the_host_moved_out_of_the_export_leads_nowhere() throws Exception {
    byte[] dir = directory("d", 0755);
    Path outside = Files.createDirectory(path.resolve("outside"));
    Files.createFile(outside.resolve("secret"));
    Files.move(exported.resolve("d"), outside.resolve("d"));
    Results.Found up = root.lookup(dir, "..");
    if (up.status() == Status.OK) {
      assertThat(root.lookup(up.handle(), "secret").status()).isNotEqualTo(Status.OK);
    }
  }

  @Test
  void a_mount_point_inside_the_export_is_not_crossed() throws Exception {
    Path all = Path.of("/"); // only looked at
    try (Served other = Served.on(path.resolve("state3"), Export.readWriteRoot(all));
        TcpTransport tcp = new TcpTransport(other.nfsPort())) {
      NfsClient client = new NfsClient(tcp, Caller.ROOT);
      byte[] slash = other.mount("/");
      Results.Found proc = client.lookup(slash, "proc");
      if (proc.status() == Status.OK) { // the directory underneath would be right, too
        assertThat(client.lookup(proc.handle(), "self").status()).isNotEqualTo(Status.OK);
        assertThat(proc.attributes().fsid()).isEqualTo(client.getattr(slash).attributes().fsid());
      }
    }
  }
}
