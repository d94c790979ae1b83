package org.krgboot.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code krgboot root}: what is done with node roots. */
@Command(
    name = "root",
    mixinStandardHelpOptions = true,
    description = "Makes node roots: what the nodes mount as their / by NFS.",
    subcommands = RootBuildCommand.class)
final class RootCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "say what to do: root build");
    }
  }
}
