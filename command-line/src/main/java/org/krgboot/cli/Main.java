package org.krgboot.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's entry, and the only place that exits. */
public final class Main {
  /** As wide as the lines of the help texts are written. */
  private static final int HELP_WIDTH = 105;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new KrgbootCommand())
        .registerConverter(RootPlace.class, RootPlace::parse)
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
