package org.krgboot.cli;

import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's entry, and the only place that exits. */
public final class Main {
  /** As wide as the lines of the help texts are written. */
  private static final int HELP_WIDTH = 105;

  /** They tell of the others. */
  private static final Set<Class<?>> NEED_ALL = Set.of(HelpCommand.class, DocumentsCommand.class);

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  /** With all commands. */
  static CommandLine commandLine() {
    return configured(new CommandLine(new KrgbootCommand()));
  }

  /**
   * With the one command that these arguments name, if they do: to look at all of them takes a
   * quarter of a second, which is most of what a short command takes.
   */
  static CommandLine commandLine(String[] arguments) {
    for (Class<?> command : KrgbootCommand.class.getAnnotation(Command.class).subcommands()) {
      String name = command.getAnnotation(Command.class).name();
      if (arguments.length > 0 && arguments[0].equals(name) && !NEED_ALL.contains(command)) {
        CommandSpec only = CommandSpec.create().name(KrgbootCommand.NAME);
        return configured(new CommandLine(only.addSubcommand(name, new CommandLine(command))));
      }
    }
    return commandLine();
  }

  private static CommandLine configured(CommandLine line) {
    return line.registerConverter(RootPlace.class, RootPlace::parse)
        .setUsageHelpWidth(HELP_WIDTH)
        .setExpandAtFiles(false) // @rack1 is a group of nodes, never a file of arguments
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::mistyped);
  }

  /** One line says what is wrong, and one where to look; all of the help would hide them. */
  private static int mistyped(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("krgboot: " + mistake.getMessage());
    if (arguments.length == 0) {
      command.usage(err);
    } else if (!UnmatchedArgumentException.printSuggestions(mistake, err)) {
      err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    }
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
