package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code krgboot kernel}: the numbered kernels. */
@Command(
    name = "kernel",
    mixinStandardHelpOptions = true,
    description = {
      "Builds kernels by a recipe. Kernels for nodes by number. One never changes; nodes that boot get the one that is published."
    },
    subcommands = {
      KernelBuildCommand.class,
      KernelInstallCommand.class,
      KernelAddCommand.class,
      KernelPublishCommand.class,
      KernelListCommand.class,
      KernelRollbackCommand.class,
      KernelUnpublishCommand.class,
      KernelPinCommand.class,
      KernelUnpinCommand.class,
      KernelGcCommand.class,
      KernelSmokeCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  krgboot kernel build site.toml   by the recipe; the result is in a directory",
      "  krgboot kernel smoke DIR       does it boot? DIR is what a build left",
      "  krgboot kernel publish DIR     keep it under a number; nodes get it from their next boot on",
      "  krgboot kernel rollback        and now the one before it again"
    })
final class KernelCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  /** Something that is done with the store. */
  interface Work {
    void run() throws IOException, SettingsException;
  }

  /** Runs it; tells what went wrong. */
  static int told(Work work) {
    try {
      work.run();
      return 0;
    } catch (AccessDeniedException e) {
      System.err.println("krgboot: " + e.getFile() + ": permission denied; run it as root");
      return 1;
    } catch (IOException | SettingsException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(),
          "say what to do: kernel "
              + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
  }
}
