package org.krgboot.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.krgboot.kernels.KernelStore;
import org.krgboot.model.StoredKernel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot kernel add}: keeps what a build left. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = {
      "Keeps a copy of what a kernel build left, under a number. Looked at first: all files are what was",
      "built, the kernel is one that boot loaders start, initrd and modules are of its release."
    },
    footer = {"", "Example:", "  krgboot kernel add /var/tmp/kernel-6.1"})
final class KernelAddCommand implements Callable<Integer> {
  @Mixin KernelStoreAddress where = new KernelStoreAddress();

  @Parameters(paramLabel = "DIR", description = "with vmlinuz and manifest.json")
  Path directory = Path.of("");

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      try (KernelStore store = where.open()) {
        StoredKernel added = store.add(directory);
        System.out.println(
            KernelStoreAddress.about(added) + " is kept in " + added.version().path());
      }
    });
  }
}
