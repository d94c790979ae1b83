package org.krgboot.cli;

import java.util.concurrent.Callable;
import org.krgboot.kernels.KernelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin PublishedName as = new PublishedName();

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      try (KernelStore store = where.open()) {
        System.out.println(
            store.unpublish(as.name)
                ? "nothing is published as " + as.name + " any more"
                : "nothing was published as " + as.name);
      }
    });
  }
}
