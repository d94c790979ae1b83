package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.krgboot.lab.QemuNode;
import org.krgboot.lab.SerialConsole;

/** Images made and published by the program itself, and nodes that boot them. */
final class ImageLab implements AutoCloseable {
  static final Duration COMMAND = Duration.ofMinutes(3);
  static final String ALL_IS_UP =
      "systemctl is-system-running --wait; systemctl --failed --no-legend";
  private static final Duration BUILD = Duration.ofMinutes(20);

  final Path directory;
  final Path images;
  final Path link;
  private final Path key;
  private Path place;

  ImageLab(Path directory) throws Exception {
    this.directory = directory;
    this.images = directory.resolve("images");
    this.link = directory.resolve("NFSROOT/kerrighed");
    this.key = directory.resolve("id");
    this.place = directory.resolve("no-lab-yet");
    Files.writeString(directory.resolve("password"), NodeLab.PASSWORD + "\n");
    Shell.onThisHost().must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
  }

  /** Runs the program to its end, as long as that takes; gives what it said on its output. */
  String krgboot(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--images", images.toString(), "--state-dir", place + "/state"));
    Path output = Files.createTempFile(directory, "krgboot", ".out");
    Process process =
        new ProcessBuilder(TestDaemon.krgboot(all.toArray(String[]::new)))
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(process.waitFor(BUILD.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(output)).isZero();
      return Files.readString(output);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Builds an image by a recipe that lets the test log in; gives its number. */
  int build(String name, String root, String more) throws Exception {
    Path recipe = directory.resolve(name + ".toml");
    Files.writeString(
        recipe,
        "[root]\n"
            + root
            + "\n[login]\nroot-password-file = \"password\"\nauthorized-key = \"id.pub\"\n"
            + more);
    String said = krgboot("root", "build", recipe.toString());
    return Integer.parseInt(said.replaceFirst("(?s).*image ([0-9]+): .*", "$1"));
  }

  void publish(int image) throws Exception {
    krgboot("image", "publish", Integer.toString(image), "--as", link.toString());
  }

  Path root(int image) {
    return images.resolve("sealed/" + image + "/root");
  }

  /** A daemon that serves what is published. */
  NodeLab lab(String name, int nodes) throws Exception {
    place = Files.createDirectory(directory.resolve(name));
    return NodeLab.serving(link, place, nodes, "");
  }

  /** Switches a node on and waits until all of it is up, and nothing of it has failed. */
  static QemuNode boot(NodeLab lab, String name) throws Exception {
    QemuNode node = lab.powerOn(QemuNode.Nic.VIRTIO);
    assertThat(node.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT)).isEqualTo(name);
    assertThat(says(node, ALL_IS_UP)).as("units that failed on " + name).isEqualTo("running");
    return node;
  }

  /** What a command on the console says. */
  static String says(QemuNode node, String command) throws Exception {
    SerialConsole.Ran ran = node.console().run(command, COMMAND);
    return ran.output().strip();
  }

  /** What a command by ssh says, as root with the key. */
  String ssh(NodeLab lab, String address, String command) throws Exception {
    return lab.inside()
        .must(
            "ssh",
            "-i",
            key.toString(),
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            "-o",
            "ConnectTimeout=50",
            "root@" + address,
            command)
        .strip();
  }

  /** Removes the roots: quicker than JUnit does, which tells of each link in them. */
  @Override
  public void close() throws Exception {
    Shell.onThisHost()
        .run("rm", "-rf", "--one-file-system", images.toString(), directory + "/foreign");
  }
}
