package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;

/** The tools of libnfs, a client that others wrote, against a real tree. */
class LibnfsTest {
  @TempDir Path directory;
  private final List<BootEvent> events = Collections.synchronizedList(new ArrayList<>());
  private Path root;
  private NfsServer server;

  @BeforeEach
  void start_the_server() throws IOException {
    TestServer.assumeFileHandles();
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/nfs-ls")), "nfs-ls of libnfs-utils is missing");
    root = Files.createDirectory(directory.resolve("root"));
    server =
        NfsServer.start(TestServer.config(directory, root), events::add, InstantSource.system());
  }

  @AfterEach
  void stop_the_server() {
    if (server != null) {
      server.close();
    }
  }

  private String url(String path) {
    return "nfs://127.0.0.1%s%s?nfsport=%d&mountport=%d&version=3"
        .formatted(root, path, server.nfsPort(), server.mountPort());
  }

  private static byte[] run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    int code = process.waitFor();
    assertThat(code)
        .as("%s: %s", Arrays.toString(command), new String(output, StandardCharsets.UTF_8))
        .isZero();
    return output;
  }

  @Test
  void nfs_ls_lists_a_tree() throws Exception {
    Files.createDirectories(root.resolve("etc/deep"));
    Files.writeString(root.resolve("etc/hostname"), "krgnode\n");
    String listing = new String(run("nfs-ls", "-R", url("")), StandardCharsets.UTF_8);
    assertThat(listing).contains("etc", "deep", "hostname");
  }

  @Test
  void nfs_cat_reads_a_large_file_whole() throws Exception {
    byte[] content = new byte[5_000_001];
    new Random(1).nextBytes(content);
    Files.write(root.resolve("big"), content);
    assertThat(run("nfs-cat", url("/big"))).isEqualTo(content);
  }

  @Test
  void nfs_cp_writes_a_large_file_whole() throws Exception {
    byte[] content = new byte[3_000_007];
    new Random(2).nextBytes(content);
    Path source = Files.write(directory.resolve("source"), content);
    run("nfs-cp", source.toString(), url("/copy"));
    assertThat(Files.readAllBytes(root.resolve("copy"))).isEqualTo(content);
  }

  @Test
  void a_directory_of_thousands_is_listed_whole() throws Exception {
    for (int i = 0; i < 3000; i++) {
      Files.createFile(root.resolve("a-file-with-a-rather-long-name-" + i));
    }
    String listing = new String(run("nfs-ls", url("")), StandardCharsets.UTF_8);
    assertThat(listing.lines().filter(line -> line.contains("rather-long")).count())
        .isEqualTo(3000);
  }

  @Test
  void a_mount_and_the_first_read_are_told() throws Exception {
    Files.writeString(root.resolve("init"), "x");
    run("nfs-cat", url("/init"));
    run("nfs-cat", url("/init"));
    Ipv4 loopback = Ipv4.parse("127.0.0.1");
    assertThat(events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("RootMounted", "RootFirstRead", "RootMounted", "RootFirstRead");
    assertThat(events)
        .allSatisfy(
            event -> assertThat(((BootEvent.OfAddress) event).address()).isEqualTo(loopback));
  }
}
