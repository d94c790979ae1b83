package org.krgboot.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.lab.QemuNode.Machine;

/** What runs in a lab. Closed once, by whoever comes first: the lab's end or the JVM's. */
final class LabSession implements AutoCloseable {
  private static final int LAST_LINES = 25;

  private final LabNetwork network;
  private final Path daemonLog;
  private final List<QemuNode> nodes = new ArrayList<>();
  private final Thread onExit = new Thread(this::cleanUp, "krgboot-lab-cleanup");
  private Optional<Process> daemon = Optional.empty();
  private boolean closed;

  private LabSession(LabNetwork network, Path daemonLog) {
    this.network = network;
    this.daemonLog = daemonLog;
  }

  static LabSession open(LabPlan plan) throws LabException {
    LabNetwork network = LabNetwork.create(plan.subnet(), plan.server(), plan.nodes());
    LabSession session = new LabSession(network, plan.workDirectory().resolve("daemon.log"));
    Runtime.getRuntime().addShutdownHook(session.onExit);
    return session;
  }

  LabNetwork network() {
    return network;
  }

  synchronized Process startDaemon(List<String> command) throws LabException {
    refuseWhenClosed();
    try {
      Process process =
          new ProcessBuilder(network.inside(command))
              .redirectErrorStream(true)
              .redirectOutput(daemonLog.toFile())
              .start();
      daemon = Optional.of(process);
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new LabException("the boot server did not start: " + e.getMessage(), e);
    }
  }

  synchronized void startNode(Machine machine) throws LabException {
    refuseWhenClosed();
    nodes.add(QemuNode.start(network, machine));
  }

  private void refuseWhenClosed() throws LabException {
    if (closed) {
      throw new LabException("the lab was stopped");
    }
  }

  synchronized List<QemuNode> nodes() {
    return List.copyOf(nodes);
  }

  String lastDaemonLines() {
    try {
      List<String> lines = Files.readAllLines(daemonLog);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private synchronized void cleanUp() {
    if (closed) {
      return;
    }
    closed = true;
    nodes.parallelStream().forEach(QemuNode::close);
    daemon.ifPresent(Processes::end);
    try {
      network.close();
    } catch (LabException e) {
      System.getLogger(LabSession.class.getName())
          .log(System.Logger.Level.WARNING, "the lab's network is left: {0}", e.getMessage());
    }
  }

  @Override
  public void close() {
    cleanUp();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook itself may be what closed the lab.
      Thread.onSpinWait();
    }
  }
}
