package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.ExportsFile;
import org.krgboot.nfs.HostNames;

/** What an exports file gives to different clients, and what a new one does to those mounted. */
final class WireClientsTest extends WireTest {
  private static final String ONE = "127.0.0.1";
  private static final String TWO = "127.0.0.2";

  private final List<TcpTransport> connections = new ArrayList<>();

  @Override
  Export[] exports() throws IOException {
    return table("(rw,insecure,no_root_squash)").toArray(new Export[0]);
  }

  /** The root for everybody on these terms, and further lines. */
  private List<Export> table(String terms, String... lines) throws IOException {
    return parsed(exported + " *" + terms + "\n" + String.join("\n", lines));
  }

  private static List<Export> parsed(String text) {
    try {
      byte[] file = text.getBytes(StandardCharsets.UTF_8);
      return ExportsFile.parse("exports", file, HostNames.NONE).exports();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Path directory(String name) throws IOException {
    Path made = Files.createDirectories(path.resolve(name));
    return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private NfsClient from(String address, int port) throws IOException {
    TcpTransport tcp = new TcpTransport(address, port, served.nfsPort());
    connections.add(tcp);
    return new NfsClient(tcp, Caller.ROOT);
  }

  private NfsClient from(String address) throws IOException {
    return from(address, 0);
  }

  private Status mountStatus(String from, Path what) throws IOException {
    try (TcpTransport tcp = new TcpTransport(from, 0, served.mountPort())) {
      return Status.read(Served.mnt(tcp, what.toString()).body());
    }
  }

  @AfterEach
  void disconnect() throws IOException {
    for (TcpTransport each : connections) {
      each.close();
    }
  }

  @Test
  void two_clients_of_one_export_have_each_its_own_terms() throws Exception {
    Path data = directory("data");
    served.replaceExports(parsed(data + " *(ro,insecure) " + TWO + "(rw,insecure,no_root_squash)"));
    byte[] dir = served.mount(data.toString());
    assertThat(from(ONE).create(dir, "a", 0, Sattr.NOTHING).status()).isEqualTo(Status.ROFS);
    assertThat(from(TWO).create(dir, "a", 0, Sattr.ofMode(0644)).status()).isEqualTo(Status.OK);
    byte[] file = from(ONE).lookup(dir, "a").handle();
    assertThat(from(ONE).write(file, 0, 2, bytes("x")).status()).isEqualTo(Status.ROFS);
    assertThat(from(TWO).write(file, 0, 2, bytes("x")).status()).isEqualTo(Status.OK);
    assertThat(from(ONE).read(file, 0, 9).bytes()).isEqualTo(bytes("x"));
  }

  @Test
  void a_client_that_no_rule_is_for_is_refused_by_mount_and_by_nfs() throws Exception {
    Path data = directory("data");
    served.replaceExports(parsed(data + " 127.0.0.0/31(rw,insecure)"));
    byte[] dir = served.mount(data.toString());
    assertThat(mountStatus(TWO, data)).isEqualTo(Status.ACCES);
    assertThat(from(TWO).getattr(dir).status()).isEqualTo(Status.ACCES);
    assertThat(from(ONE).getattr(dir).status()).isEqualTo(Status.OK);
  }

  @Test
  void squashing_is_by_client_too() throws Exception {
    Path data = directory("data");
    served.replaceExports(
        parsed(
            data
                + " -rw,insecure "
                + ONE
                + "(all_squash,anonuid=4001,anongid=4002) "
                + TWO
                + "(root_squash,anonuid=-2)"));
    byte[] dir = served.mount(data.toString());
    Fattr all =
        from(ONE).as(Caller.user(ANN, ANN)).create(dir, "a", 0, Sattr.ofMode(0600)).attributes();
    assertThat(List.of((long) all.uid(), (long) all.gid())).containsExactly(4001L, 4002L);
    NfsClient two = from(TWO);
    assertThat(two.as(Caller.user(ANN, ANN)).create(dir, "b", 0, Sattr.NOTHING).attributes().uid())
        .isEqualTo(ANN);
    Fattr nobody = two.create(dir, "c", 0, Sattr.ofMode(0600)).attributes();
    assertThat((int) nobody.uid()).isEqualTo(-2);
    assertThat(nobody.gid()).isEqualTo(65534);
  }

  @Test
  void a_secure_export_takes_reserved_ports_only() throws Exception {
    Path data = directory("data");
    served.replaceExports(parsed(data + " " + ONE + "(rw) " + TWO + "(rw,insecure)"));
    assertThat(mountStatus(ONE, data)).isEqualTo(Status.ACCES);
    assertThat(mountStatus(TWO, data)).isEqualTo(Status.OK);
    byte[] dir = mountedFromReservedPort(data);
    assertThat(from(ONE).getattr(dir).status()).isEqualTo(Status.ACCES);
    assertThat(fromReservedPort(served.nfsPort()).getattr(dir).status()).isEqualTo(Status.OK);
  }

  private byte[] mountedFromReservedPort(Path what) throws IOException {
    TcpTransport tcp = reserved(served.mountPort());
    RpcReply reply = Served.mnt(tcp, what.toString());
    assertThat(Status.read(reply.body())).isEqualTo(Status.OK);
    return reply.body().opaque();
  }

  private NfsClient fromReservedPort(int port) throws IOException {
    return new NfsClient(reserved(port), Caller.ROOT);
  }

  private TcpTransport reserved(int port) throws IOException {
    for (int own = 1023; own >= 600; own--) {
      try {
        TcpTransport tcp = new TcpTransport(ONE, own, port);
        connections.add(tcp);
        return tcp;
      } catch (BindException inUse) {
        // the next one
      }
    }
    throw new AssertionError("no reserved port is free");
  }

  @Test
  void the_deepest_of_nested_exports_is_mounted() throws Exception {
    Path outer = directory("outer");
    Path inner = directory("outer/inner");
    served.replaceExports(
        parsed(outer + " *(ro,insecure)\n" + inner + " *(rw,insecure,no_root_squash,fsid=77)"));
    byte[] dir = served.mount(inner.toString());
    assertThat(root.getattr(dir).attributes().fsid()).isEqualTo(77);
    assertThat(root.create(dir, "a", 0, Sattr.NOTHING).status()).isEqualTo(Status.OK);
    byte[] above = served.mount(outer.toString());
    assertThat(root.create(above, "a", 0, Sattr.NOTHING).status()).isEqualTo(Status.ROFS);
  }

  @Test
  void a_mounted_client_keeps_its_handles_over_a_new_table() throws Exception {
    byte[] file = file("f", 0644);
    Path data = directory("data");
    served.replaceExports(table("(rw,insecure,no_root_squash)", data + " *(ro,insecure)"));
    assertThat(root.write(file, 0, 2, bytes("still")).status()).isEqualTo(Status.OK);
    assertThat(served.mount(exported.toString())).isEqualTo(top);
    served.replaceExports(table("(ro,insecure)", data + " *(ro,insecure)"));
    assertThat(root.write(file, 0, 2, bytes("no")).status()).isEqualTo(Status.ROFS);
    assertThat(root.read(file, 0, 9).bytes()).isEqualTo(bytes("still"));
  }

  @Test
  void handles_of_a_withdrawn_export_are_stale_and_good_again_when_it_is_back() throws Exception {
    Path data = directory("data");
    List<Export> both = table("(rw,insecure,no_root_squash)", data + " *(rw,insecure)");
    served.replaceExports(both);
    byte[] dir = served.mount(data.toString());
    byte[] file = root.create(dir, "f", 0, Sattr.ofMode(0644)).handle();
    served.replaceExports(table("(rw,insecure,no_root_squash)"));
    assertThat(root.getattr(file).status()).isEqualTo(Status.STALE);
    assertThat(mountStatus(ONE, data)).isEqualTo(Status.NOENT);
    assertThat(root.getattr(top).status()).isEqualTo(Status.OK);
    served.replaceExports(both);
    assertThat(root.getattr(file).status()).isEqualTo(Status.OK);
  }

  @Test
  void a_table_that_cannot_be_served_leaves_the_old_one() throws Exception {
    List<Export> bad = table("(ro,insecure)", path.resolve("missing") + " *(rw)");
    assertThatThrownBy(() -> served.replaceExports(bad))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing")
        .hasMessageContaining("there is no such directory");
    assertThat(root.create(top, "a", 0, Sattr.NOTHING).status()).isEqualTo(Status.OK);
    List<Export> twice = table("(ro,insecure)", directory("b") + " *(rw,fsid=5)");
    List<Export> clash = new ArrayList<>(twice);
    clash.addAll(parsed(directory("c") + " *(rw,fsid=5)"));
    assertThatThrownBy(() -> served.replaceExports(clash)).hasMessageContaining("same id");
    assertThat(root.create(top, "b", 0, Sattr.NOTHING).status()).isEqualTo(Status.OK);
  }

  @Test
  void a_directory_that_another_took_the_place_of_is_another_export() throws Exception {
    Path data = directory("data");
    String line = data + " *(rw,insecure,no_root_squash)";
    served.replaceExports(table("(rw,insecure,no_root_squash)", line));
    byte[] old = served.mount(data.toString());
    Files.move(data, path.resolve("aside"));
    directory("data");
    served.replaceExports(table("(rw,insecure,no_root_squash)", line));
    assertThat(served.mount(data.toString())).isNotEqualTo(old);
    assertThat(root.create(served.mount(data.toString()), "new", 0, Sattr.NOTHING).status())
        .isEqualTo(Status.OK);
    assertThat(data.resolve("new")).exists();
  }

  @Test
  void an_export_that_needs_a_mount_is_refused_without_one() throws Exception {
    Path data = directory("data");
    assertThatThrownBy(() -> served.replaceExports(parsed(data + " *(rw,mp)")))
        .hasMessageContaining("no file system is mounted at " + data);
    assertThat(root.getattr(top).status()).isEqualTo(Status.OK);
  }

  @Test
  void withdrawn_exports_keep_no_file_open() throws Exception {
    Path data = directory("data");
    long before = openBelow(data);
    for (int i = 0; i < 20; i++) {
      served.replaceExports(table("(rw,insecure,no_root_squash)", data + " *(rw,insecure)"));
      byte[] dir = served.mount(data.toString());
      root.create(dir, "f" + i, 0, Sattr.ofMode(0644));
      served.replaceExports(table("(rw,insecure,no_root_squash)"));
    }
    assertThat(openBelow(data)).isEqualTo(before);
  }

  @Test
  void calls_go_on_while_the_table_is_replaced_again_and_again() throws Exception {
    Path data = directory("data");
    List<Export> both = table("(rw,insecure,no_root_squash)", data + " *(rw,insecure)");
    List<Export> one = table("(rw,insecure,no_root_squash)");
    served.replaceExports(both);
    byte[] dir = served.mount(data.toString());
    byte[] file = root.create(dir, "f", 0, Sattr.ofMode(0644)).handle();
    AtomicBoolean done = new AtomicBoolean();
    List<Future<?>> callers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      try {
        for (int i = 0; i < 4; i++) {
          NfsClient client = from(ONE);
          callers.add(threads.submit(() -> callUntil(done, client, dir, file)));
        }
        for (int i = 0; i < 300; i++) {
          served.replaceExports(i % 2 == 0 ? one : both);
        }
      } finally {
        done.set(true);
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    }
    assertThat(root.read(file, 0, 9).bytes()).isEqualTo(bytes("x"));
    assertThat(served.counters().getOrDefault("nfs.faults", 0L)).isZero();
  }

  private Void callUntil(AtomicBoolean done, NfsClient client, byte[] dir, byte[] file)
      throws IOException {
    while (!done.get()) {
      assertThat(client.getattr(top).status()).isEqualTo(Status.OK);
      assertThat(client.lookup(dir, "f").status()).isIn(Status.OK, Status.STALE);
      assertThat(client.write(file, 0, 0, bytes("x")).status()).isIn(Status.OK, Status.STALE);
      assertThat(client.read(file, 0, 9).status()).isIn(Status.OK, Status.STALE);
    }
    return null;
  }

  private static long openBelow(Path directory) throws IOException {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(fd -> leadsInto(fd, directory)).count();
    }
  }

  private static boolean leadsInto(Path fd, Path directory) {
    try {
      return Files.readSymbolicLink(fd).startsWith(directory);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
