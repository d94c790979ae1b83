package org.krgboot.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code krgboot bench}: load for servers, ours or others. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Puts a server under the load of many nodes and prints what it delivers.",
    subcommands = {BenchTftpCommand.class, HelpCommand.class})
final class BenchCommand {}
