package org.krgboot.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.image.RootBuild;
import org.krgboot.image.RootRecipe;
import org.krgboot.lab.Accelerator;
import org.krgboot.lab.KvmProbe;
import org.krgboot.lab.LabException;
import org.krgboot.lab.LabNetwork;
import org.krgboot.lab.LabTools;
import org.krgboot.lab.QemuNode;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;
import org.krgboot.steps.BuildProgress;

/** A node root, a namespace with the daemon in it, and virtual nodes that boot from it by PXE. */
final class NodeLab implements AutoCloseable {
  static final String PASSWORD = "for-tests";
  static final Duration BOOT = Duration.ofMinutes(8);
  private static final Ipv4 SERVER = Ipv4.parse("10.11.12.1");
  private static final int MEMORY_MB = 768;

  final Path root;
  final TestDaemon daemon;
  private final Path directory;
  private final LabNetwork network;
  private final Accelerator accelerator;
  private final List<QemuNode> nodes = new ArrayList<>();

  private NodeLab(
      Path root, Path directory, LabNetwork network, TestDaemon daemon, Accelerator accelerator) {
    this.root = root;
    this.directory = directory;
    this.network = network;
    this.daemon = daemon;
    this.accelerator = accelerator;
  }

  /**
   * Makes what a boot needs, or skips the test and says what is missing.
   *
   * @param rootName below {@code target}: a root is built once a clone, the next run finds it
   * @param directory for logs and state of this run
   */
  static NodeLab make(String rootName, RootRecipe.Size size, Path directory, int most)
      throws Exception {
    return make(rootName, size, directory, most, "");
  }

  /**
   * The same with a configuration.
   *
   * @param toml what the daemon's configuration file says
   */
  static NodeLab make(String rootName, RootRecipe.Size size, Path directory, int most, String toml)
      throws Exception {
    assumePossible();
    return serving(builtRoot(rootName, size), directory, most, toml);
  }

  /** Skips the test where no root can be built, or no node booted. */
  static void assumePossible() {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: a lab needs root");
    List<String> missing = LabTools.missingPackages();
    assumeTrue(missing.isEmpty(), "SKIPPED: packages are missing: " + missing);
    assumeTrue(Shell.has("mmdebstrap"), "SKIPPED: `mmdebstrap` is missing (package mmdebstrap)");
  }

  /** A lab with a root that is there. */
  static NodeLab serving(Path root, Path directory, int most, String toml) throws Exception {
    Accelerator accelerator = accelerator(root, directory);
    System.out.println("nodes run on " + accelerator);
    LabNetwork network = LabNetwork.create(Subnet.parse("10.11.12.0/24"), SERVER, most);
    try {
      TestDaemon daemon = startDaemon(root, directory, network, toml);
      return new NodeLab(root, directory, network, daemon, accelerator);
    } catch (Exception | AssertionError e) {
      network.close();
      throw e;
    }
  }

  private static TestDaemon startDaemon(Path root, Path directory, LabNetwork network, String toml)
      throws Exception {
    Path config = Files.writeString(directory.resolve("krgboot.toml"), toml);
    return TestDaemon.start(
        Shell.in(network.namespace()),
        directory.resolve("state"),
        "--config",
        config.toString(),
        "--interface",
        LabNetwork.BRIDGE,
        "--range",
        "10.11.12.101-10.11.12.120",
        "--root",
        root.toString(),
        "--tftp-root",
        directory.resolve("tftp").toString(),
        "--serial",
        "115200",
        "--append",
        String.join(" ", RootBuild.KERNEL_PARAMETERS));
  }

  /** A node root below {@code target}: built once a clone, the next run finds it. */
  static Path builtRoot(String name, RootRecipe.Size size) throws Exception {
    RootRecipe recipe =
        new RootRecipe(
            Path.of("target", name),
            "bookworm",
            Optional.empty(),
            List.of(),
            size,
            Map.of(),
            new RootRecipe.Login(Optional.of(PASSWORD), Optional.empty()));
    RootBuild.Result result =
        RootBuild.run(recipe, RootBuild.Existing.REPLACE, new PrintedProgress());
    if (result.old().isPresent()) {
      RootBuild.remove(result.old().get());
    }
    return result.root();
  }

  private static final class PrintedProgress implements BuildProgress {
    @Override
    public void step(int number, int of, String what) {
      System.out.println("node root, " + number + " of " + of + ": " + what);
    }

    @Override
    public void note(String line) {
      System.out.println("node root: " + line);
    }
  }

  /** What virtual nodes run on here: KVM if it works, else emulation. */
  static Accelerator accelerator(Path root, Path directory) throws Exception {
    return KvmProbe.probe(kernel(root), directory);
  }

  private static Path kernel(Path root) throws IOException {
    try (Stream<Path> boot = Files.list(root.resolve("boot"))) {
      return boot.filter(file -> file.getFileName().toString().startsWith("vmlinuz-"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Where the nodes' network is. */
  Shell inside() {
    return Shell.in(network.namespace());
  }

  /** Switches one more node with a BIOS on. */
  QemuNode powerOn(QemuNode.Nic nic) throws LabException {
    return powerOn(nic, QemuNode.Firmware.BIOS);
  }

  /** Switches one more node on. */
  QemuNode powerOn(QemuNode.Nic nic, QemuNode.Firmware firmware) throws LabException {
    int number = nodes.size() + 1;
    QemuNode node =
        QemuNode.start(
            network,
            new QemuNode.Machine(
                number, nic, firmware, MEMORY_MB, accelerator, directory.resolve("node" + number)));
    nodes.add(node);
    return node;
  }

  @Override
  public void close() throws Exception {
    nodes.forEach(QemuNode::close);
    System.out.println("--- the daemon's log\n" + daemon.log() + "---");
    daemon.close();
    network.close();
  }
}
