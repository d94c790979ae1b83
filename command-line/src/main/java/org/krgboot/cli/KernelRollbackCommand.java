package org.krgboot.cli;

import java.util.concurrent.Callable;
import org.krgboot.kernels.KernelStore;
import org.krgboot.model.KernelVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot kernel rollback}: the kernel before. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Publishes the kernel again that was published before the present one.")
final class KernelRollbackCommand implements Callable<Integer> {
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
        KernelPublishCommand.tell(where, store.rollback(name), name);
      }
    });
  }
}
