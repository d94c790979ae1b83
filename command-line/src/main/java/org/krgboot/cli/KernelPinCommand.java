package org.krgboot.cli;

import java.util.concurrent.Callable;
import org.krgboot.kernels.KernelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot kernel pin}. */
@Command(name = "pin", mixinStandardHelpOptions = true, description = "Never removes this kernel.")
final class KernelPinCommand implements Callable<Integer> {
  @Mixin KernelStoreAddress where = new KernelStoreAddress();

  @Parameters(paramLabel = "N", description = "its number")
  int number;

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      try (KernelStore store = where.open()) {
        store.pin(number);
      }
    });
  }
}
