package org.krgboot.cli;

import java.util.concurrent.Callable;
import org.krgboot.kernels.KernelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot kernel rollback}: the kernel before. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Publishes the kernel again that was published before the present one.")
final class KernelRollbackCommand implements Callable<Integer> {
  @Mixin KernelStoreAddress where = new KernelStoreAddress();

  @Mixin PublishedName as = new PublishedName();

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      try (KernelStore store = where.open()) {
        KernelPublishCommand.tell(where, store.rollback(as.name), as.name);
      }
    });
  }
}
