package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.StateLock;
import org.krgboot.image.RootBuild;
import org.krgboot.image.RootRecipe;
import org.krgboot.lab.Lab;
import org.krgboot.lab.LabException;
import org.krgboot.lab.LabPlan;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;
import org.krgboot.settings.Defaults;
import org.krgboot.steps.BuildFailedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code krgboot lab}: boots virtual nodes from our own daemon, to see that all of it works. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = {
      "Boots virtual nodes (QEMU) by network from a krgboot daemon, in a network namespace of its own, until",
      "they log in. Makes a small Debian node root first if there is none. Needs root; nothing leaves this machine."
    },
    footer = {"", "Example: two nodes", "  krgboot lab -n 2"})
final class LabCommand implements Callable<Integer> {
  /** What a daemon remembers of nodes. */
  private static final List<String> FILES_OF_A_RUN =
      Stream.of("state.db", "events.db")
          .flatMap(name -> Stream.of(name, name + "-wal", name + "-shm", name + ".made"))
          .toList();

  static final Subnet SUBNET = Subnet.parse("10.11.12.0/24");
  static final Ipv4 SERVER = Ipv4.parse("10.11.12.1");
  static final AddressRange RANGE = AddressRange.parse("10.11.12.101-10.11.12.199");
  private static final String LAB_PASSWORD = "krgboot";

  @Option(
      names = {"-n", "--nodes"},
      paramLabel = "N",
      description = "how many nodes (default: ${DEFAULT-VALUE})",
      defaultValue = "1")
  int nodes;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "a node root to boot (default: a small Debian, built once)")
  @Nullable Path root;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "root, logs and state of the lab (default: ${DEFAULT-VALUE})",
      defaultValue = "/var/lib/krgboot/lab")
  Path workDirectory = Path.of("/var/lib/krgboot/lab");

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      description = "memory of a node (default: ${DEFAULT-VALUE})",
      defaultValue = "768")
  int memory;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      description = "how long the boot may take (default: 300, and 60 more a node)")
  @Nullable Integer deadline;

  @Option(
      names = "--servers",
      paramLabel = "COMMAND",
      description =
          "boot from other servers, for comparison: a command that runs them in the foreground")
  @Nullable String servers;

  @Override
  public Integer call() {
    if (!System.getProperty("user.name").equals("root")) {
      System.err.println(
          "krgboot: the lab makes network namespaces and a node root: run it as root");
      return 1;
    }
    Path work = workDirectory.toAbsolutePath().normalize();
    try (StateLock _ = StateLock.take(work)) {
      Path nodeRoot = root == null ? smallRoot(work) : root.toAbsolutePath().normalize();
      Path state = work.resolve("state");
      forgetLeases(state);
      Duration bound = Duration.ofSeconds(deadline == null ? 300 + 60L * nodes : deadline);
      LabPlan plan = new LabPlan(nodes, nodeRoot, work, SUBNET, SERVER, RANGE, bound, memory);
      if (servers != null) {
        Files.deleteIfExists(work.resolve("servers-ready"));
        OtherServers others = new OtherServers(plan, servers);
        return Lab.run(plan, others, others, System.out);
      }
      try (LabDaemon daemon =
          new LabDaemon(nodeRoot, state, RANGE, String.join(" ", RootBuild.KERNEL_PARAMETERS))) {
        return Lab.run(plan, daemon, daemon, System.out);
      }
    } catch (IOException | LabException | BuildFailedException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private static Path smallRoot(Path work) throws IOException, BuildFailedException {
    RootRecipe recipe =
        new RootRecipe(
            work.resolve("root"),
            RootBuildCommand.hostSuite(),
            Optional.empty(),
            List.of(),
            RootRecipe.Size.SMALL,
            RootBuildCommand.names(RANGE, Defaults.NAME_PREFIX),
            new RootRecipe.Login(Optional.of(LAB_PASSWORD), Optional.empty()));
    RootBuild.Result result =
        RootBuild.run(recipe, RootBuild.Existing.REPLACE, new BuildLines(System.err));
    if (result.old().isPresent()) {
      RootBuild.remove(result.old().get()); // made by an older krgboot for labs only
    }
    return result.root();
  }

  /** So that the nodes get .101, .102 ... in each lab. Nothing else of the state is in the way. */
  private static void forgetLeases(Path state) throws IOException {
    for (String file : FILES_OF_A_RUN) {
      Files.deleteIfExists(state.resolve(file));
    }
  }
}
