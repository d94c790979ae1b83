package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Java client that we did not write, {@code com.emc.ecs:nfs-client}, on the running daemon. */
class EmcNfsClientTest {
  private static final int ROOT = 0;
  private static final int ANN = 1001;

  @TempDir static Path directory;
  private static TestNetwork network;
  private static TestDaemon daemon;
  private static Path root;

  @BeforeAll
  static void start() throws Exception {
    network = TestNetwork.make();
    network.addressClient("10.11.12.50");
    root = Files.createDirectories(directory.resolve("root"));
    daemon =
        TestDaemon.start(
            network.serverShell(),
            directory.resolve("state"),
            "--only",
            "nfs",
            "--listen",
            TestNetwork.SERVER_ADDRESS,
            "--root",
            root.toString());
  }

  @AfterAll
  static void stop() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (network != null) {
      network.close();
    }
  }

  @BeforeEach
  void empty() throws Exception {
    Shell.onThisHost().must("find", root.toString(), "-mindepth", "1", "-delete");
    Files.setAttribute(root, "unix:mode", 0755);
  }

  private static List<String> client(String step, int user) throws Exception {
    Shell.Result ran =
        network
            .clientShell()
            .run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EmcNfsClient.class.getName(),
                step,
                TestNetwork.SERVER_ADDRESS + ":" + root,
                "" + user);
    assertThat(ran.output()).contains("> done");
    return ran.output()
        .lines()
        .filter(line -> line.startsWith("> "))
        .map(line -> line.substring(2))
        .toList();
  }

  @Test
  void it_writes_reads_back_renames_cuts_and_removes_a_file() throws Exception {
    assertThat(client("files", ROOT))
        .contains("length: 3000001", "same: true", "renamed: true", "old name: false")
        .contains("mode: 640", "cut to: 5", "removed: true");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void it_lists_a_directory_in_parts_with_attributes_and_handles() throws Exception {
    assertThat(client("directories", ROOT))
        .contains("listed: 300", "with dots: 302", "with attributes and handle: 302");
    assertThat(root.resolve("d/e/file-299")).exists();
  }

  @Test
  void it_makes_links_devices_and_pipes_and_asks_for_the_limits() throws Exception {
    assertThat(client("kinds", ROOT))
        .contains("link leads to: some/where", "names: 2", "device: [1, 3]")
        .contains("largest read: 1048576", "longest name: 255");
    assertThat(Files.readSymbolicLink(root.resolve("link"))).isEqualTo(Path.of("some/where"));
    assertThat(Shell.onThisHost().must("stat", "-c", "%F %t,%T", root.resolve("null").toString()))
        .isEqualTo("character special file 1,3\n");
    assertThat(Shell.onThisHost().must("stat", "-c", "%F", root.resolve("pipe").toString()))
        .isEqualTo("fifo\n");
  }

  @Test
  void it_is_refused_with_the_status_of_each_mistake() throws Exception {
    assertThat(client("refusals", ROOT))
        .containsExactly(
            "guarded: 17",
            "rmdir of a full one: 66",
            "rmdir of a file: 20",
            "remove of a directory: 21",
            "a name too long: 63",
            "readlink of a file: 22",
            "into itself: 22",
            "a forged handle: 10001",
            "done");
  }

  @Test
  void another_user_is_kept_out_of_what_is_not_his() throws Exception {
    Files.writeString(root.resolve("theirs"), "secret");
    Files.setAttribute(root.resolve("theirs"), "unix:mode", 0600);
    assertThat(client("stranger", ANN))
        .containsExactly(
            "a directory of one's own: 13", "another's mode: 1", "another's secret: 13", "done");
  }
}
