package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.StateLock;
import org.krgboot.images.Tool;
import org.krgboot.kernels.KernelStore;
import org.krgboot.lab.KernelTrial;
import org.krgboot.lab.LabException;
import org.krgboot.lab.LabPlan;
import org.krgboot.lab.QemuNode;
import org.krgboot.model.BootStage;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.StoredKernel;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot kernel smoke}: does it boot? */
@Command(
    name = "smoke",
    mixinStandardHelpOptions = true,
    description = {
      "Boots a kernel in a virtual machine (QEMU) from a krgboot daemon of its own, in a network namespace,",
      "until it has its address and its root; with --root, until that root's init runs. Says what to look at",
      "otherwise. Needs root; nothing leaves this machine, and the daemon that runs here is not touched."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot kernel smoke /var/tmp/kernel-6.1",
      "  krgboot kernel smoke 7 --nic e1000 --memory 512    as old kernels want it"
    })
final class KernelSmokeCommand implements Callable<Integer> {
  /**
   * What a kernel says early goes to the serial line too; older ones leave words they don't know.
   */
  private static final String CONSOLE = "console=ttyS0,115200 earlyprintk=serial,ttyS0,115200";

  /** An emulated timer on a busy machine is late, and kernels then take it for broken hardware. */
  private static final String EMULATED = "no_timer_check";

  @Mixin KernelStoreAddress where = new KernelStoreAddress();

  @Parameters(paramLabel = "DIR|N", description = "what a build left, or a number")
  String kernel = "";

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "a node root whose init is to run; it may write there (default: an empty one, to be mounted)")
  @Nullable Path root;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "from power-on (default: ${DEFAULT-VALUE})",
      defaultValue = "180")
  int seconds;

  @Option(
      names = "--nic",
      paramLabel = "CARD",
      description = "e1000, which most kernels know, virtio or rtl8139 (default: ${DEFAULT-VALUE})",
      defaultValue = "e1000")
  String nic = "e1000";

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      description = "of the machine (default: ${DEFAULT-VALUE})",
      defaultValue = "512")
  int memory;

  @Option(
      names = "--append",
      paramLabel = "WORDS",
      description = "more for its command line (default: none)",
      defaultValue = "")
  String append = "";

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "logs and state of the trial (default: ${DEFAULT-VALUE})",
      defaultValue = "/var/lib/krgboot/lab/kernel")
  Path workDirectory = Path.of("/var/lib/krgboot/lab/kernel");

  @Override
  public Integer call() {
    if (!System.getProperty("user.name").equals("root")) {
      System.err.println("krgboot: the trial makes a network namespace: run it as root");
      return 1;
    }
    Path work = workDirectory.toAbsolutePath().normalize();
    try {
      Path result = result();
      QemuNode.Nic card = card();
      try (StateLock _ = StateLock.take(work)) {
        return run(work, result, card);
      }
    } catch (IOException | SettingsException | LabException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private Path result() throws IOException, SettingsException {
    Optional<Integer> number = KernelStoreAddress.number(kernel);
    return number.isPresent()
        ? where.look().kernel(number.get()).version().path()
        : Path.of(kernel);
  }

  private QemuNode.Nic card() {
    try {
      return QemuNode.Nic.valueOf(nic.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + nic + "' is none of e1000, virtio, rtl8139", e);
    }
  }

  /** The kernel goes the way of any other: into a store, published, named by a configuration. */
  private int run(Path work, Path result, QemuNode.Nic card) throws IOException, LabException {
    Path state = work.resolve("smoke-state");
    Tool.remove(state);
    StoredKernel stored;
    try (KernelStore store = KernelStore.open(Settings.kernelsIn(state))) {
      stored = store.add(result);
      var _ = store.publish(stored.version().number(), KernelVersion.DEFAULT);
    }
    System.out.println(
        "trying "
            + stored.name()
            + ", "
            + stored.release()
            + (stored.initrd().isPresent() ? ", with its initrd" : ", without initrd"));
    Path nodeRoot = root == null ? emptyRoot(work) : root.toAbsolutePath().normalize();
    LabPlan lab =
        new LabPlan(
            1,
            nodeRoot,
            work,
            LabCommand.SUBNET,
            LabCommand.SERVER,
            LabCommand.RANGE,
            Duration.ofSeconds(seconds),
            memory);
    BootStage goal = root == null ? BootStage.MOUNTED : BootStage.INIT;
    String words = (CONSOLE + " " + EMULATED + " " + append).strip();
    try (LabDaemon server = new LabDaemon(nodeRoot, state, LabCommand.RANGE, words)) {
      Path image = stored.version().path().resolve(StoredKernel.KERNEL);
      return KernelTrial.run(
          new KernelTrial.Plan(lab, image, card, goal), server, server::stage, System.out);
    }
  }

  /** A kernel mounts it as any other, and then finds no init there. */
  private static Path emptyRoot(Path work) throws IOException {
    Path empty = work.resolve("empty-root");
    for (String name : new String[] {"dev", "proc", "sys"}) {
      Files.createDirectories(empty.resolve(name));
    }
    return empty;
  }
}
