package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.NodeRow;
import org.krgboot.lab.DaemonLauncher;
import org.krgboot.lab.LabNetwork;
import org.krgboot.lab.Stage;
import org.krgboot.lab.StageSource;
import org.krgboot.model.AddressRange;
import org.krgboot.model.BootStage;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/** Our own daemon as the lab's boot server: started as a user would, asked by its API. */
final class LabDaemon implements DaemonLauncher, StageSource, AutoCloseable {
  private static final Duration ASK_EVERY = Duration.ofMillis(500);

  private final Path nodeRoot;
  private final Path state;
  private final AddressRange range;
  private final String append;
  private final AdminClient client;
  private List<NodeRow> known = List.of();
  private long knownUntil = System.nanoTime();

  /**
   * Of that node root.
   *
   * @param append words for the nodes' kernels
   */
  LabDaemon(Path nodeRoot, Path state, AddressRange range, String append) throws IOException {
    this.nodeRoot = nodeRoot;
    this.state = state;
    this.range = range;
    this.append = append;
    this.client = new AdminClient(state.resolve("api.sock"));
  }

  @Override
  public List<String> command(LabNetwork network) {
    List<String> command = new ArrayList<>(ThisProgram.command());
    command.addAll(
        List.of(
            "serve",
            "--config",
            "/dev/null", // the lab's daemon is not this machine's
            "--interface",
            LabNetwork.BRIDGE,
            "--range",
            range.toString(),
            "--root",
            nodeRoot.toString(),
            "--tftp-root",
            state.resolve("tftp").toString(),
            "--state-dir",
            state.toString(),
            "--serial",
            "115200",
            "--append",
            append));
    return command;
  }

  @Override
  public boolean isReady() {
    try {
      client.counters();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Optional<Sight> of(MacAddress mac) {
    return row(mac).map(LabDaemon::sight);
  }

  /** How far a node has got; empty if it was not heard of. */
  Optional<BootStage> stage(MacAddress mac) {
    return row(mac)
        .flatMap(row ->
            Stream.of(BootStage.values())
                .filter(stage -> stage.label().equals(row.stage()))
                .findFirst());
  }

  private Optional<NodeRow> row(MacAddress mac) {
    return nodes().stream().filter(node -> node.mac().equals(mac.toString())).findFirst();
  }

  /** Asked anew at most once in a while: the nodes need the processor more than the table does. */
  private List<NodeRow> nodes() {
    if (System.nanoTime() - knownUntil >= 0) {
      try {
        known = client.nodes();
      } catch (IOException e) {
        known = List.of(); // it stops or restarts; the serial line tells the rest
      }
      knownUntil = System.nanoTime() + ASK_EVERY.toNanos();
    }
    return known;
  }

  private static Sight sight(NodeRow node) {
    Stage stage =
        switch (node.stage()) {
          case "dhcp" -> Stage.ADDRESS;
          case "loader" -> Stage.LOADER;
          case "kernel", "starting" -> Stage.KERNEL;
          default -> Stage.ROOT;
        };
    return new Sight(
        Optional.of(node.address()).filter(text -> !text.isEmpty()).map(Ipv4::parse),
        Optional.of(node.name()).filter(text -> !text.isEmpty()).map(NodeName::new),
        stage);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
