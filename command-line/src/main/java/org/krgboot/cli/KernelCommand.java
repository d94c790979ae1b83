package org.krgboot.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code krgboot kernel}: kernels, from their sources to the nodes. */
@Command(
    name = "kernel",
    mixinStandardHelpOptions = true,
    description = "Builds kernels by a recipe and puts them before the nodes.",
    subcommands = {KernelBuildCommand.class, KernelInstallCommand.class})
final class KernelCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(),
          "say what to do: kernel "
              + String.join(", ", spec.subcommands().keySet().stream().sorted().toList()));
    }
  }
}
