package org.krgboot.cli;

import picocli.CommandLine.Parameters;

/** The nodes that a command is for: its first word. */
final class ChosenNodes {
  @Parameters(
      index = "0",
      paramLabel = "RANGE",
      description =
          "which nodes: names, krgnode[01-15], @group, krg*, @all, MAC addresses, addresses, with"
              + " commas between; what follows a - is left out")
  String range = "";
}
