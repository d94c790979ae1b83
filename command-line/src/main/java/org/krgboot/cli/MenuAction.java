package org.krgboot.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the menu can do with the chosen nodes.
 *
 * @param title for the menu
 * @param words of the command; RANGE is where the nodes stand, VALUE what is asked for
 * @param prompt what is asked for; empty if nothing is
 */
record MenuAction(String title, List<String> words, String prompt) {
  static final String RANGE = "RANGE";
  static final String VALUE = "VALUE";

  /** In the order of the menu; DRBL's modes first. */
  private static final List<MenuAction> ALL =
      List.of(
          of("Boot the node root (diskless)", "", "boot", RANGE, "diskless"),
          of("Boot the local disk", "", "boot", RANGE, "local"),
          of("Boot something else ...", "Entry of the configuration", "boot", RANGE, VALUE),
          of("... once only", "Entry, diskless or local", "boot", RANGE, VALUE, "--once"),
          of("Boot as the configuration says", "", "boot", RANGE, "default"),
          of("Switch on (wake-on-LAN)", "", "power", RANGE, "on"),
          of("Reboot", "", "power", RANGE, "reboot"),
          of("Switch off", "", "power", RANGE, "off"),
          of("Reset", "", "power", RANGE, "reset"),
          of("Run a command on them ...", "Command", "exec", RANGE, VALUE),
          of("Why is it where it is?", "", "why", RANGE),
          of("Its last boot, step by step", "", "node", RANGE),
          of("What happened to them", "", "events", "--node", RANGE),
          of("Fence: refuse them at once", "", "fence", RANGE),
          of("Unfence", "", "unfence", RANGE),
          of("Set ...", "key=value", "set", RANGE, VALUE),
          of("Unset ...", "key", "unset", RANGE, VALUE));

  MenuAction {
    words = List.copyOf(words);
  }

  private static MenuAction of(String title, String prompt, String... words) {
    return new MenuAction(title, Arrays.asList(words), prompt);
  }

  /** Those whose command is there. */
  static List<MenuAction> among(java.util.Set<String> commands) {
    return ALL.stream().filter(action -> commands.contains(action.words().getFirst())).toList();
  }

  /** Whether it takes one node at a time. */
  private boolean isOfOne() {
    return words.getFirst().equals("why") || words.getFirst().equals("node");
  }

  /** The command lines that do it, each as the words behind "krgboot". */
  List<List<String>> commands(List<String> names, Optional<String> value) {
    List<String> ranges = isOfOne() ? names : List.of(NodeNames.range(names));
    List<List<String>> commands = new ArrayList<>();
    for (String range : ranges) {
      List<String> command = new ArrayList<>();
      for (String word : words) {
        switch (word) {
          case RANGE -> command.add(range);
          case VALUE -> command.addAll(values(value.orElse("")));
          default -> command.add(word);
        }
      }
      commands.add(command);
    }
    return commands;
  }

  /** A command for the nodes is one word, as their shell splits it; so is anything else. */
  private static List<String> values(String value) {
    return List.of(value.strip());
  }

  /** As one would type it. */
  static String shown(List<String> command) {
    StringBuilder text = new StringBuilder("krgboot");
    for (String word : command) {
      text.append(' ')
          .append(
              word.matches("[A-Za-z0-9_.,:=@%+/-]+")
                  ? word
                  : "'" + word.replace("'", "'\\''") + "'");
    }
    return text.toString();
  }
}
