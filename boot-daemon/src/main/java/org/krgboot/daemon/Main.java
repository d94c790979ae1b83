package org.krgboot.daemon;

import picocli.CommandLine;

/** The program's entry, and the only place that exits. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new KrgbootCommand()).execute(arguments));
  }
}
