package org.krgboot.cli;

import picocli.CommandLine.Command;

/** {@code krgboot config}: the configurations that were accepted, and the way back. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = {
      "The configurations that the daemon has accepted: each has a number, and none is overwritten. All files",
      "are kept: the main one and those of krgboot.d. log, show and diff need no running daemon."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot config log",
      "  krgboot config show 7",
      "  krgboot config diff              # what krgboot reload would change",
      "  krgboot config diff 6 7",
      "  krgboot config rollback 6",
      "",
      "The newest 200 are kept, in config/ of the state directory."
    },
    subcommands = {
      ConfigLogCommand.class,
      ConfigShowCommand.class,
      ConfigDiffCommand.class,
      ConfigRollbackCommand.class
    })
final class ConfigCommand {}
