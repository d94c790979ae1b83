package org.krgboot.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.krgboot.lab.Accelerator;
import org.krgboot.lab.LabException;
import org.krgboot.lab.LabNetwork;
import org.krgboot.lab.LabTools;
import org.krgboot.lab.QemuNode;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** A wire with the daemon on it, and emulated machines whose firmware is real. No node root. */
final class FirmwareLab implements AutoCloseable {
  private static final int MOST_NODES = 2;
  private static final int MEMORY_MB = 768;

  final Path directory;
  final LabNetwork network;
  private TestDaemon daemon;
  private final List<QemuNode> nodes = new ArrayList<>();
  private int started;

  private FirmwareLab(Path directory, LabNetwork network) {
    this.directory = directory;
    this.network = network;
  }

  /** Lays the wire, or skips the test and says what is missing. */
  static FirmwareLab make(Path directory) throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: a lab needs root");
    List<String> missing = LabTools.missingPackages();
    assumeTrue(missing.isEmpty(), "SKIPPED: packages are missing: " + missing);
    FirmwareLab lab =
        new FirmwareLab(
            directory,
            LabNetwork.create(Subnet.parse("10.11.12.0/24"), Ipv4.parse("10.11.12.1"), MOST_NODES));
    Files.createDirectories(lab.root().resolve("boot"));
    Files.createDirectories(lab.tftp());
    return lab;
  }

  static void needs(String file, String debianPackage) {
    assumeTrue(Files.exists(Path.of(file)), "SKIPPED: " + file + " is missing: " + debianPackage);
  }

  /** The node root: empty, but for {@code boot}. */
  Path root() {
    return directory.resolve("root");
  }

  Path tftp() {
    return directory.resolve("tftp");
  }

  /** Starts the daemon with this configuration. */
  TestDaemon start(String toml, String... flags) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--config",
                Files.writeString(directory.resolve("krgboot.toml"), toml).toString(),
                "--interface",
                LabNetwork.BRIDGE,
                "--root",
                root().toString(),
                "--tftp-root",
                tftp().toString()));
    all.addAll(List.of(flags));
    daemon =
        TestDaemon.start(
            Shell.in(network.namespace()), directory.resolve("state"), all.toArray(String[]::new));
    return daemon;
  }

  /**
   * Switches a machine on.
   *
   * @param more what it has besides its network card, as QEMU's words
   */
  QemuNode powerOn(int number, QemuNode.Firmware firmware, QemuNode.Nic nic, List<String> more)
      throws LabException {
    Path logs = directory.resolve("node" + started++);
    QemuNode node =
        QemuNode.start(
            network,
            new QemuNode.Machine(number, nic, firmware, MEMORY_MB, Accelerator.TCG, logs)
                .with(more));
    nodes.add(node);
    return node;
  }

  /** Pulls the plug of the machine that was switched on last. */
  void powerOffTheLast() {
    nodes.removeLast().close();
  }

  @Override
  public void close() throws Exception {
    nodes.forEach(QemuNode::close);
    if (daemon != null) {
      System.out.println("--- the daemon's log\n" + daemon.log() + "---");
      daemon.close();
    }
    network.close();
  }
}
