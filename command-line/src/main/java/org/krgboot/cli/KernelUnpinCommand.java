package org.krgboot.cli;

import java.util.concurrent.Callable;
import org.krgboot.kernels.KernelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot kernel unpin}. */
@Command(name = "unpin", mixinStandardHelpOptions = true, description = "Takes a pin back.")
final class KernelUnpinCommand implements Callable<Integer> {
  @Mixin KernelStoreAddress where = new KernelStoreAddress();

  @Parameters(paramLabel = "N", description = "its number")
  int number;

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      try (KernelStore store = where.open()) {
        store.unpin(number);
      }
    });
  }
}
