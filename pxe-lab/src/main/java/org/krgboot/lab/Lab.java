package org.krgboot.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.lab.QemuNode.Firmware;
import org.krgboot.lab.QemuNode.Machine;
import org.krgboot.lab.QemuNode.Nic;

/** Boots nodes by network from the boot server, all at once, and tells how they fare. */
public final class Lab {
  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration READY_TICK = Duration.ofMillis(100);
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final int LAST_LINES = 25;

  private final LabPlan plan;
  private final StageSource source;
  private final LabReport report;

  private Lab(LabPlan plan, StageSource source, PrintStream out) {
    this.plan = plan;
    this.source = source;
    this.report = new LabReport(out, LabReport.screen());
  }

  /**
   * Runs a lab from beginning to end. Whatever happens, processes and network are gone afterwards;
   * logs stay in the work directory.
   *
   * @return the exit code: 0 if all nodes came up in time, else 1
   * @throws LabException if the lab could not be set up, with what to do about it
   */
  public static int run(LabPlan plan, DaemonLauncher launcher, StageSource source, PrintStream out)
      throws LabException {
    check(plan);
    Lab lab = new Lab(plan, source, out);
    Path kernel = kernelOf(plan.nodeRoot());
    Accelerator accelerator = KvmProbe.probe(kernel, plan.workDirectory());
    lab.report.say(
        switch (accelerator) {
          case KVM -> "nodes run on KVM";
          case TCG -> "nodes are emulated: KVM does not work here, so expect 30 s and more";
        });
    try (LabSession session = LabSession.open(plan)) {
      return lab.boot(session, launcher, accelerator) ? 0 : 1;
    }
  }

  /** That a lab can be made on this machine at all. */
  static void checkMachine() throws LabException {
    List<String> missing = LabTools.missingPackages();
    if (!missing.isEmpty()) {
      throw new LabException("missing packages: apt-get install " + String.join(" ", missing));
    }
    if (!LabTools.mayMakeNetworks()) {
      throw new LabException(
          "the lab makes a network of its own: run it as root, with /dev/net/tun (modprobe tun)");
    }
  }

  private static void check(LabPlan plan) throws LabException {
    checkMachine();
    if (!Files.isDirectory(plan.nodeRoot().resolve("boot"))) {
      throw new LabException(plan.nodeRoot() + " is not a node root; make one: krgboot root build");
    }
    try {
      Files.createDirectories(plan.workDirectory());
    } catch (IOException e) {
      throw new LabException("cannot write to " + plan.workDirectory() + ": " + e.getMessage(), e);
    }
  }

  /** A kernel in the root. */
  static Path kernelOf(Path nodeRoot) throws LabException {
    try (Stream<Path> boot = Files.list(nodeRoot.resolve("boot"))) {
      return boot.filter(p -> p.getFileName().toString().startsWith("vmlinuz"))
          .sorted()
          .findFirst()
          .orElseThrow(() -> new LabException("no kernel (vmlinuz-*) in " + nodeRoot + "/boot"));
    } catch (IOException e) {
      throw new LabException("cannot read " + nodeRoot + "/boot: " + e.getMessage(), e);
    }
  }

  private boolean boot(LabSession session, DaemonLauncher launcher, Accelerator accelerator)
      throws LabException {
    long start = System.nanoTime();
    Process daemon = serve(session, launcher);
    report.say(
        String.format(Locale.ROOT, "boot server ready in %.1f s", since(start).toMillis() / 1e3));
    for (int node = 1; node <= plan.nodes(); node++) {
      Path directory = plan.workDirectory().resolve("node" + node);
      session.startNode(
          new Machine(node, Nic.VIRTIO, Firmware.BIOS, plan.memoryMb(), accelerator, directory));
    }
    StageTable table = new StageTable(plan.nodes());
    watch(session, daemon, table);
    return conclude(session, table);
  }

  /** Starts the boot server and waits until it serves. */
  static Process serve(LabSession session, DaemonLauncher launcher) throws LabException {
    long start = System.nanoTime();
    Process daemon = session.startDaemon(launcher.command(session.network()));
    while (!launcher.isReady()) {
      if (!daemon.isAlive()) {
        throw new LabException("the boot server ended at once:\n" + session.lastDaemonLines());
      }
      if (since(start).compareTo(READY_WITHIN) > 0) {
        throw new LabException(
            "the boot server was not ready after "
                + READY_WITHIN.toSeconds()
                + " s:\n"
                + session.lastDaemonLines());
      }
      pause(READY_TICK);
    }
    return daemon;
  }

  private void watch(LabSession session, Process daemon, StageTable table) throws LabException {
    long start = System.nanoTime();
    while (!table.allUp() && since(start).compareTo(plan.deadline()) < 0) {
      for (QemuNode node : session.nodes()) {
        int number = node.machine().number();
        StageSource.Sight sight = sight(node);
        report.changed(table.saw(number, sight, since(start)));
      }
      report.table(table, since(start));
      if (!daemon.isAlive() || session.nodes().stream().noneMatch(QemuNode::isRunning)) {
        return;
      }
      pause(TICK);
    }
  }

  /** What the server knows of a node and what its serial line shows, whichever is further. */
  private StageSource.Sight sight(QemuNode node) {
    StageSource.Sight server =
        source
            .of(node.machine().mac())
            .orElse(new StageSource.Sight(Optional.empty(), Optional.empty(), Stage.POWER_ON));
    String text = node.console().text();
    Stage shown = Stage.shownIn(text).orElse(Stage.POWER_ON);
    Stage serial = shown == Stage.LOGIN && hasWrongName(server, text) ? Stage.INIT : shown;
    return serial.compareTo(server.stage()) > 0
        ? new StageSource.Sight(server.address(), server.name(), serial)
        : server;
  }

  /**
   * A node that logs in under another name than it was given is not up: its lease told it nothing.
   */
  private static boolean hasWrongName(StageSource.Sight server, String serial) {
    Optional<String> prompt = Stage.nameAtPrompt(serial);
    return server.name().isPresent()
        && prompt.isPresent()
        && !prompt.get().equals(server.name().get().text());
  }

  private boolean conclude(LabSession session, StageTable table) {
    table.timings().forEach(report::say);
    for (QemuNode node : session.nodes()) {
      StageTable.Row row = table.rows().get(node.machine().number() - 1);
      if (row.stage() != Stage.LOGIN) {
        report.say("");
        report.say(row.label() + " stopped at: " + row.stage().words() + ". Its serial line:");
        node.console().lastLines().forEach(line -> report.say("  " + line));
        node.complaint().lines().limit(LAST_LINES).forEach(line -> report.say("  QEMU: " + line));
      }
    }
    if (!table.allUp()) {
      report.say("");
      report.say("The boot server's last lines:");
      session.lastDaemonLines().lines().forEach(line -> report.say("  " + line));
    }
    report.say("Logs: " + plan.workDirectory() + " (node*/serial.log, daemon.log)");
    return table.allUp();
  }

  static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  static void pause(Duration time) throws LabException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
