package org.krgboot.cli;

import java.util.concurrent.Callable;
import org.krgboot.kernels.KernelStore;
import org.krgboot.model.KernelVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot kernel unpublish}: back to the kernels of the node root. */
@Command(
    name = "unpublish",
    mixinStandardHelpOptions = true,
    description = {
      "Publishes nothing under a name any more; the kernel stays. Without a default, nodes boot the newest",
      "kernel of their root again. rollback puts it back."
    })
final class KernelUnpublishCommand implements Callable<Integer> {
  @Mixin KernelStoreAddress where = new KernelStoreAddress();

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "as in publish (default: ${DEFAULT-VALUE})",
      defaultValue = KernelVersion.DEFAULT)
  String name = KernelVersion.DEFAULT;

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      try (KernelStore store = where.open()) {
        System.out.println(
            store.unpublish(name)
                ? "nothing is published as " + name + " any more"
                : "nothing was published as " + name);
      }
    });
  }
}
