package org.krgboot.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this very program was started, so that it can start itself once more. */
final class ThisProgram {
  private ThisProgram() {}

  /** Java, its options and the program; arguments are to follow. */
  static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // The launcher asks a short command to compile quickly; a server is worth the better code.
      if (!option.startsWith("-XX:TieredStopAtLevel")) {
        command.add(option);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    return List.copyOf(command);
  }
}
