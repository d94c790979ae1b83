package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.krgboot.kernel.KernelInstall;
import org.krgboot.model.KernelVersion;
import org.krgboot.steps.BuildFailedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code krgboot kernel install}: a kernel's modules and tools into a node root. */
@Command(
    name = "install",
    mixinStandardHelpOptions = true,
    description = {
      "Lays what a kernel brings with it (modules, tools) over a node root. Follows no link out of the root;",
      "what is there of an earlier build of the same release is replaced. Can be done again."
    },
    footer = {"", "Example:", "  krgboot kernel install kernel-site /NFSROOT/kerrighed"})
final class KernelInstallCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "RESULT",
      description = "what krgboot kernel build has made, or a kernel of the store (its sealed/N)")
  @Nullable Path result;

  @Parameters(index = "1", paramLabel = "ROOT", description = "the directory of a node root")
  @Nullable Path root;

  /** The command that brings a kernel's modules into a root, for people. */
  static String line(KernelVersion kernel, Path root) {
    return "krgboot kernel install " + kernel.path() + " " + root;
  }

  @Override
  public Integer call() {
    if (result == null || root == null) {
      return 2;
    }
    try {
      KernelInstall.run(result, root).forEach(System.out::println);
      return 0;
    } catch (IOException e) {
      System.err.println("krgboot: " + BuildFailedException.reason(e));
      return 1;
    } catch (BuildFailedException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }
}
