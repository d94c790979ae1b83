package org.krgboot.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.daemon.NodeRow;

/** What the menu looks like: lines of text, none longer than the terminal is wide. Pure. */
record MenuScreen(List<String> lines, int marked) {
  /** No line is marked. */
  private static final int NONE = -1;

  private static final int SMALLEST_LIST = 3;

  static MenuScreen of(Menu menu, int width, int height, Instant now) {
    List<String> list =
        switch (menu.page()) {
          case Menu.Page.Nodes(_), Menu.Page.Filter() -> nodes(menu, now);
          case Menu.Page.Actions(), Menu.Page.Value(_) ->
              menu.actions().stream().map(action -> "  " + action.title()).toList();
          case Menu.Page.Run(_), Menu.Page.Quit() -> List.of();
        };
    int room = Math.max(SMALLEST_LIST, height - 4);
    int top = Math.clamp(menu.cursor() - room / 2, 0, Math.max(0, list.size() - room));
    List<String> lines = new ArrayList<>();
    lines.add(heading(menu, list.size(), top, room));
    lines.add("");
    list.subList(top, Math.min(list.size(), top + room)).forEach(lines::add);
    while (lines.size() < room + 2) {
      lines.add("");
    }
    lines.add(asked(menu));
    lines.add(keys(menu));
    int marked = list.isEmpty() ? NONE : 2 + menu.cursor() - top;
    if (marked != NONE) {
      lines.set(marked, ">" + lines.get(marked).substring(1));
    }
    return new MenuScreen(lines.stream().map(line -> cut(line, width)).toList(), marked);
  }

  private static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width));
  }

  private static String heading(Menu menu, int lines, int top, int room) {
    String what =
        switch (menu.page()) {
          case Menu.Page.Nodes(_), Menu.Page.Filter() ->
              "Choose nodes: " + menu.chosen().size() + " of " + menu.nodes().size() + " chosen";
          case Menu.Page.Actions(), Menu.Page.Value(_), Menu.Page.Run(_), Menu.Page.Quit() ->
              "What to do with " + NodeNames.range(menu.names());
        };
    String more = lines > room ? "  (lines " + (top + 1) + " to " + (top + room) + ")" : "";
    return "krgboot   " + what + more;
  }

  private static List<String> nodes(Menu menu, Instant now) {
    List<String> lines = new ArrayList<>();
    if (menu.shown().isEmpty()) {
      return lines;
    }
    for (NodeRow node : menu.shown()) {
      lines.add(
          String.format(
              "  [%s] %-16s %-15s %-9s %-10s %s",
              menu.chosen().contains(node.mac()) ? "x" : " ",
              node.name().isEmpty() ? node.mac() : node.name(),
              node.address(),
              node.stage(),
              NodesCommand.ago(Duration.between(node.since(), now)),
              Optional.of(NodesCommand.trouble(node))
                  .filter(text -> !text.isEmpty())
                  .orElse(node.target())));
    }
    return lines;
  }

  private static String asked(Menu menu) {
    return switch (menu.page()) {
      case Menu.Page.Filter() -> "Show only nodes with: " + menu.typed() + "_";
      case Menu.Page.Value(MenuAction action) -> action.prompt() + ": " + menu.typed() + "_";
      case Menu.Page.Nodes(String filter) -> nothing(menu, filter);
      case Menu.Page.Actions() ->
          MenuAction.shown(
              menu.actions()
                  .get(menu.cursor())
                  .commands(menu.names(), Optional.of("..."))
                  .getFirst());
      case Menu.Page.Run(_), Menu.Page.Quit() -> "";
    };
  }

  private static String nothing(Menu menu, String filter) {
    if (menu.nodes().isEmpty()) {
      return "No node has asked for an address yet: switch one on.";
    }
    return filter.isEmpty() ? "" : "Only nodes with '" + filter + "' are shown.";
  }

  private static String keys(Menu menu) {
    return switch (menu.page()) {
      case Menu.Page.Nodes(_) ->
          "Space choose   a all   n none   / find   Enter what to do   q quit";
      case Menu.Page.Filter() -> "Enter keep   Esc show all";
      case Menu.Page.Actions() -> "Enter do it   Esc back to the nodes   q quit";
      case Menu.Page.Value(_) -> "Enter do it   Esc back";
      case Menu.Page.Run(_), Menu.Page.Quit() -> "";
    };
  }
}
