package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Subnet;
import org.krgboot.nfs.Clients;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.Terms;

/** Checklist 14, 16 and 17: what an export's terms mean to a client that holds a handle. */
final class WireExportTest extends WireTest {
  private static final int ANONYMOUS = 60001;

  @Override
  Export[] exports() throws IOException {
    return new Export[] {
      Export.readWriteRoot(exported),
      terms("ro", Terms.Access.READ_ONLY, Terms.Squash.NONE, Terms.SourcePorts.ANY),
      terms("squash", Terms.Access.READ_WRITE, Terms.Squash.ROOT, Terms.SourcePorts.ANY),
      terms("all", Terms.Access.READ_WRITE, Terms.Squash.ALL, Terms.SourcePorts.ANY),
      terms("ports", Terms.Access.READ_WRITE, Terms.Squash.NONE, Terms.SourcePorts.RESERVED_ONLY),
      foreign()
    };
  }

  private Path made(String name) throws IOException {
    return Files.createDirectories(path.resolve(name));
  }

  private Export terms(
      String name, Terms.Access access, Terms.Squash squash, Terms.SourcePorts ports)
      throws IOException {
    Terms terms = new Terms(access, squash, ANONYMOUS, ANONYMOUS, Terms.Durability.SYNC, ports);
    return Export.of(made(name), terms, Clients.everybody());
  }

  /** For others than us. */
  private Export foreign() throws IOException {
    Clients others = new Clients.Network(Subnet.parse("10.99.0.0/24"));
    return Export.of(made("foreign"), Terms.OF_A_NODE_ROOT, others);
  }

  private byte[] mounted(String name) throws IOException {
    return served.mount(path.resolve(name).toString());
  }

  @Test
  void a_read_only_export_refuses_every_change_with_rofs() throws Exception {
    Files.writeString(path.resolve("ro/f"), "data");
    byte[] dir = mounted("ro");
    byte[] file = root.lookup(dir, "f").handle();
    assertThat(root.read(file, 0, 10).bytes()).isEqualTo(bytes("data"));
    assertThat(root.setattr(file, Sattr.ofMode(0600)).status()).isEqualTo(Status.ROFS);
    assertThat(root.write(file, 0, 0, bytes("x")).status()).isEqualTo(Status.ROFS);
    assertThat(root.create(dir, "g", 0, Sattr.NOTHING).status()).isEqualTo(Status.ROFS);
    assertThat(root.mkdir(dir, "g", Sattr.NOTHING).status()).isEqualTo(Status.ROFS);
    assertThat(root.symlink(dir, "g", "x").status()).isEqualTo(Status.ROFS);
    assertThat(root.mknod(dir, "g", Fattr.FIFO, Sattr.NOTHING).status()).isEqualTo(Status.ROFS);
    assertThat(root.remove(dir, "f").status()).isEqualTo(Status.ROFS);
    assertThat(root.rmdir(dir, "d").status()).isEqualTo(Status.ROFS);
    assertThat(root.rename(dir, "f", dir, "g").status()).isEqualTo(Status.ROFS);
    assertThat(root.link(file, dir, "g").status()).isEqualTo(Status.ROFS);
    assertThat(root.access(file, 63).bits() & 0x1c).isZero();
  }

  @Test
  void a_squashed_root_is_nobody_and_other_users_are_themselves() throws Exception {
    Files.setPosixFilePermissions(
        path.resolve("squash"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    byte[] dir = mounted("squash");
    assertThat(root.create(dir, "r", 1, Sattr.ofMode(0600)).attributes().uid())
        .isEqualTo(ANONYMOUS);
    assertThat(ann.create(dir, "a", 1, Sattr.ofMode(0600)).attributes().uid()).isEqualTo(ANN);
    assertThat(root.read(root.lookup(dir, "a").handle(), 0, 1).status()).isEqualTo(Status.ACCES);
  }

  @Test
  void where_all_are_squashed_nobody_is_anybody() throws Exception {
    Files.setPosixFilePermissions(
        path.resolve("all"), java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    byte[] dir = mounted("all");
    Fattr made = ann.create(dir, "a", 1, Sattr.ofMode(0600)).attributes();
    assertThat(made.uid()).isEqualTo(ANONYMOUS);
    assertThat(made.gid()).isEqualTo(ANONYMOUS);
  }

  @Test
  void nothing_is_moved_or_linked_across_exports() throws Exception {
    byte[] file = file("f", 0644);
    byte[] other = mounted("all");
    assertThat(root.rename(top, "f", other, "f").status()).isEqualTo(Status.XDEV);
    assertThat(root.link(file, other, "f").status()).isEqualTo(Status.XDEV);
  }

  @Test
  void exports_of_one_file_system_differ_in_fsid() throws Exception {
    assertThat(attributes(mounted("all")).fsid()).isNotEqualTo(attributes(top).fsid());
  }

  @Test
  void an_export_for_others_is_refused_at_mount() throws Exception {
    try (TcpTransport tcp = new TcpTransport(served.mountPort())) {
      XdrOut out = new XdrOut().opaque(bytes(path.resolve("foreign").toString()));
      RpcReply reply = tcp.call(Transport.MOUNT, 3, 1, Caller.ROOT, out.bytes());
      assertThat(Status.read(reply.body())).isEqualTo(Status.ACCES);
    }
  }

  @Test
  void an_export_for_reserved_ports_is_refused_from_an_ordinary_one() throws Exception {
    try (TcpTransport tcp = new TcpTransport(served.mountPort())) {
      XdrOut out = new XdrOut().opaque(bytes(path.resolve("ports").toString()));
      RpcReply reply = tcp.call(Transport.MOUNT, 3, 1, Caller.ROOT, out.bytes());
      if (reply.outcome() == RpcReply.Outcome.SUCCESS) {
        Status status = Status.read(reply.body());
        if (status == Status.OK) { // then at least NFS must refuse
          assertThat(root.getattr(reply.body().opaque()).status()).isIn(Status.PERM, Status.ACCES);
        }
      }
    }
  }

  @Test
  void a_handle_outlives_no_withdrawal_of_its_export() throws Exception {
    byte[] dir = mounted("all");
    stop();
    serve(Export.readWriteRoot(exported));
    assertThat(root.getattr(dir).status()).isIn(Status.STALE, Status.BADHANDLE, Status.ACCES);
  }
}
