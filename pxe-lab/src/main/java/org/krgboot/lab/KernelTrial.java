package org.krgboot.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.lab.QemuNode.Firmware;
import org.krgboot.lab.QemuNode.Machine;
import org.krgboot.lab.QemuNode.Nic;
import org.krgboot.model.BootStage;
import org.krgboot.model.MacAddress;

/**
 * Boots one machine by network with a kernel that was just built, until it has its root: that a
 * kernel was built is no proof that it boots.
 */
public final class KernelTrial {
  private static final Duration TICK = Duration.ofMillis(250);

  /** What a stage that was reached still needs to be told of. */
  private static final Duration NEWS = Duration.ofMillis(1500);

  /** An init that cannot run is missed within a moment. */
  private static final Duration AFTER_INIT = Duration.ofSeconds(3);

  /**
   * What is tried, and with what.
   *
   * @param lab network, node root and deadline; one node
   * @param kernel for a trial of KVM
   * @param goal the stage that shows that it boots
   */
  public record Plan(LabPlan lab, Path kernel, Nic nic, BootStage goal) {}

  private final Plan plan;
  private final Function<MacAddress, Optional<BootStage>> stages;
  private final PrintStream out;
  private Optional<BootStage> reached = Optional.empty();

  private KernelTrial(
      Plan plan, Function<MacAddress, Optional<BootStage>> stages, PrintStream out) {
    this.plan = plan;
    this.stages = stages;
    this.out = out;
  }

  /**
   * Runs the trial. Whatever happens, processes and network are gone afterwards; logs stay in the
   * work directory.
   *
   * @param stages how far the boot server has seen a machine; never throws
   * @return 0 if the kernel boots, else 1
   * @throws LabException if the trial could not be set up, with what to do about it
   */
  public static int run(
      Plan plan,
      DaemonLauncher launcher,
      Function<MacAddress, Optional<BootStage>> stages,
      PrintStream out)
      throws LabException {
    Lab.checkMachine();
    Path directory = plan.lab().workDirectory().resolve("node1");
    clear(directory);
    // What is learned of KVM by a kernel that may not boot is not remembered.
    Accelerator accelerator = KvmProbe.probe(plan.kernel(), directory);
    try (LabSession session = LabSession.open(plan.lab())) {
      KernelTrial trial = new KernelTrial(plan, stages, out);
      Process daemon = Lab.serve(session, launcher);
      Machine machine =
          new Machine(1, plan.nic(), Firmware.BIOS, plan.lab().memoryMb(), accelerator, directory)
              // A machine that is reset ends, and so tells of it.
              .with(List.of("-no-reboot"));
      session.startNode(machine);
      return trial.watch(session.nodes().getFirst(), daemon) ? 0 : 1;
    }
  }

  private static void clear(Path directory) throws LabException {
    try {
      Files.createDirectories(directory);
      try (DirectoryStream<Path> old = Files.newDirectoryStream(directory)) {
        for (Path file : old) {
          Files.delete(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new LabException("what an earlier trial left is in the way: " + e.getMessage(), e);
    }
  }

  private boolean watch(QemuNode node, Process daemon) throws LabException {
    long start = System.nanoTime();
    Duration deadline = plan.lab().deadline();
    TrialFault.End end = TrialFault.End.SILENCE;
    while (Lab.since(start).compareTo(deadline) < 0) {
      look(node, start);
      if (isThere() && plan.goal().compareTo(BootStage.INIT) < 0) {
        return well();
      }
      boolean over =
          isThere()
              || !node.isRunning()
              || !daemon.isAlive()
              || TrialFault.hasGivenUp(node.console().text());
      if (over) {
        Lab.pause(isThere() ? AFTER_INIT : NEWS);
        look(node, start);
        end = node.isRunning() ? TrialFault.End.SILENCE : TrialFault.End.RESET;
        break;
      }
      Lab.pause(TICK);
    }
    boolean fell = plan.goal().compareTo(BootStage.INIT) >= 0 && hasFallen(node, end);
    return (isThere() && !fell) ? well() : failed(node, end, Lab.since(start));
  }

  private static boolean hasFallen(QemuNode node, TrialFault.End end) {
    return end == TrialFault.End.RESET || TrialFault.hasGivenUp(node.console().text());
  }

  private boolean isThere() {
    return reached.filter(stage -> stage.compareTo(plan.goal()) >= 0).isPresent();
  }

  private void look(QemuNode node, long start) {
    Optional<BootStage> now = stages.apply(node.machine().mac());
    if (now.isPresent() && (reached.isEmpty() || now.get().compareTo(reached.get()) > 0)) {
      reached = now;
      out.println(
          String.format(
              Locale.ROOT, "%6.1f s  %s", Lab.since(start).toMillis() / 1e3, now.get().meaning()));
    }
  }

  private boolean well() {
    out.println("the kernel boots");
    return true;
  }

  private boolean failed(QemuNode node, TrialFault.End end, Duration after) {
    TrialFault fault = TrialFault.of(reached, end, node.console().text());
    out.println();
    out.println(
        String.format(Locale.ROOT, "it does not boot (%d s): %s", after.toSeconds(), fault.what()));
    out.println("look at: " + fault.lookAt());
    List<String> last = TrialFault.lastLines(node.console().text());
    out.println(last.isEmpty() ? "its serial line said nothing" : "the last lines of its console:");
    last.forEach(line -> out.println("  " + line));
    node.complaint().lines().forEach(line -> out.println("  QEMU: " + line));
    out.println("logs: " + plan.lab().workDirectory() + " (node1/serial.log, daemon.log)");
    return false;
  }
}
