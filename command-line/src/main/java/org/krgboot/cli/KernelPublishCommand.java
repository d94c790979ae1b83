package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.krgboot.kernels.KernelStore;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.StoredKernel;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot kernel publish}: nodes get another kernel from their next boot on. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = {
      "Puts a kernel and its initrd before the nodes, in one step: a node that is loading goes on with what",
      "it has begun, whoever asks for its boot configuration after that gets the new ones."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot kernel publish /var/tmp/kernel-6.1     for all nodes that are told no other kernel",
      "  krgboot kernel publish 7 --as krg              for those with kernel = \"kernels/krg\""
    })
final class KernelPublishCommand implements Callable<Integer> {
  @Mixin KernelStoreAddress where = new KernelStoreAddress();

  @Parameters(paramLabel = "N|DIR", description = "a number, or the directory of a built kernel")
  String kernel = "";

  @Mixin PublishedName as = new PublishedName();

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      try (KernelStore store = where.open()) {
        store.requireName(as.name);
        StoredKernel chosen = KernelStoreAddress.kernel(store, kernel);
        tell(where, store.publish(chosen.version().number(), as.name), as.name);
      }
    });
  }

  /** What comes of it. */
  static void tell(KernelStoreAddress where, StoredKernel kernel, String name)
      throws IOException, SettingsException {
    System.out.println(KernelStoreAddress.about(kernel) + " is published as " + name);
    if (name.equals(KernelVersion.DEFAULT)) {
      System.out.println("nodes that are told no other kernel get it from their next boot on");
    } else if (isTold(where, name)) {
      System.out.println(
          "nodes with kernel = \"kernels/" + name + "\" get it from their next boot on");
    } else {
      System.out.println(
          "no node is told to boot it yet: krgboot set NODES kernel=kernels/" + name);
    }
    modules(where.daemon.nodeRoot(), kernel);
  }

  /** As a whole value, and not in a comment. */
  private static boolean isTold(KernelStoreAddress where, String name) throws IOException {
    Pattern told =
        Pattern.compile(
            "(?m)^[^#\\n]*[\"']" + Pattern.quote(KernelVersion.PREFIX + name) + "[\"']");
    return ConfigFiles.read(where.daemon.configuration()).texts().values().stream()
        .anyMatch(text -> told.matcher(text).find());
  }

  /** A kernel finds its modules in the root that it mounts. */
  private static void modules(Path root, StoredKernel kernel) {
    Path brought = kernel.version().path().resolve("root");
    boolean some = has(brought, kernel.release());
    if (some && Files.isDirectory(root) && !has(root, kernel.release())) {
      System.out.println(
          "the node root "
              + root
              + " has no modules of it, so it finds no more drivers there; they are in "
              + brought
              + ": "
              + KernelInstallCommand.line(kernel.version(), root));
    }
  }

  private static boolean has(Path root, String release) {
    return Stream.of("lib/modules", "usr/lib/modules")
        .anyMatch(place -> Files.isDirectory(root.resolve(place).resolve(release)));
  }
}
