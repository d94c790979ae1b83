package org.krgboot.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's root: names the commands. */
@Command(
    name = KrgbootCommand.NAME,
    mixinStandardHelpOptions = true,
    versionProvider = KrgbootVersion.class,
    description = {
      "Turns this machine into the boot server of a diskless cluster: DHCP, TFTP, HTTP and NFSv3 in",
      "one process."
    },
    subcommands = {
      InitCommand.class,
      ServeCommand.class,
      NodesCommand.class,
      BootCommand.class,
      NodeCommand.class,
      WhyCommand.class,
      EventsCommand.class,
      ExecCommand.class,
      PowerCommand.class,
      DcsCommand.class,
      LeasesCommand.class,
      CountersCommand.class,
      ShowCommand.class,
      SetCommand.class,
      UnsetCommand.class,
      DiscoverCommand.class,
      ApproveCommand.class,
      RejectCommand.class,
      FenceCommand.class,
      UnfenceCommand.class,
      ReloadCommand.class,
      ConfigCommand.class,
      CheckCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      RootCommand.class,
      ImageCommand.class,
      KernelCommand.class,
      LabCommand.class,
      BenchCommand.class,
      TestCommand.class,
      DocumentsCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "First steps:",
      "  krgboot lab -n 2                 boot two virtual nodes on this machine, to see it work",
      "  krgboot root build               make a Debian node root in /NFSROOT/kerrighed",
      "  krgboot init                     asks a few questions and writes the configuration",
      "  krgboot check                    what is missing or in the way",
      "  krgboot serve                    serve the nodes"
    })
final class KrgbootCommand implements Runnable {
  static final String NAME = "krgboot";

  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "say what to do");
    }
  }
}
