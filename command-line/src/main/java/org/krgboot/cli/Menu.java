package org.krgboot.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.daemon.NodeRow;

/**
 * Where somebody is in the full-screen menu: chooses nodes, then what to do with them, then perhaps
 * a value. Pure: each key gives the next menu.
 *
 * @param nodes as the daemon told them last
 * @param chosen by MAC address
 * @param cursor the line in the list that is shown
 * @param typed of the filter or of the value
 */
record Menu(
    Page page,
    List<NodeRow> nodes,
    Set<String> chosen,
    List<MenuAction> actions,
    int cursor,
    String typed) {
  /** What is shown. */
  sealed interface Page {
    /** The nodes, of which those are shown that have the filter in them. */
    record Nodes(String filter) implements Page {}

    /** The filter is being written. */
    record Filter() implements Page {}

    record Actions() implements Page {}

    /** The value of an action is being written. */
    record Value(MenuAction action) implements Page {}

    /** The menu is done: these commands are to be run. */
    record Run(List<List<String>> commands) implements Page {}

    record Quit() implements Page {}
  }

  private static final int PAGE = 10;

  Menu {
    nodes = List.copyOf(nodes);
    chosen = Set.copyOf(chosen);
    actions = List.copyOf(actions);
  }

  static Menu start(List<NodeRow> nodes, List<MenuAction> actions) {
    return new Menu(new Page.Nodes(""), nodes, Set.of(), actions, 0, "");
  }

  /** The same with nodes as they are now; those that are gone are not chosen any more. */
  Menu with(List<NodeRow> now) {
    Set<String> left = new HashSet<>(chosen);
    left.retainAll(now.stream().map(NodeRow::mac).toList());
    return new Menu(page, now, left, actions, cursor, typed).inBounds();
  }

  /** The same at the nodes again, after a command was run. */
  Menu again() {
    return new Menu(new Page.Nodes(""), nodes, chosen, actions, 0, "");
  }

  /** The nodes that are shown. */
  List<NodeRow> shown() {
    String filter =
        switch (page) {
          case Page.Nodes(String text) -> text;
          case Page.Filter() -> typed;
          case Page.Actions(), Page.Value(_), Page.Run(_), Page.Quit() -> "";
        };
    return nodes.stream().filter(node -> NodesCommand.words(node).contains(filter)).toList();
  }

  Menu step(Key key) {
    return switch (page) {
      case Page.Nodes nodesPage -> atNodes(nodesPage, key);
      case Page.Filter() -> atFilter(key);
      case Page.Actions() -> atActions(key);
      case Page.Value(MenuAction action) -> atValue(action, key);
      case Page.Run(_), Page.Quit() -> this;
    };
  }

  private Menu atNodes(Page.Nodes nodesPage, Key key) {
    return switch (key) {
      case Key.Letter(char letter) ->
          switch (letter) {
            case ' ' -> toggled();
            case 'a' -> choosing(new HashSet<>(macs(shown())));
            case 'n' -> choosing(Set.of());
            case '/' -> on(new Page.Filter()).typing("");
            case 'q' -> on(new Page.Quit());
            default -> this;
          };
      case Key.Named.ENTER -> onward();
      case Key.Named.ESCAPE ->
          on(nodesPage.filter().isEmpty() ? new Page.Quit() : new Page.Nodes(""));
      case Key.Named named -> moved(named, shown().size());
    };
  }

  /** Without a choice, the node under the cursor is meant. */
  private Menu onward() {
    List<NodeRow> shown = shown();
    if (shown.isEmpty()) {
      return this;
    }
    Set<String> meant = chosen.isEmpty() ? Set.of(shown.get(cursor).mac()) : chosen;
    return new Menu(new Page.Actions(), nodes, meant, actions, 0, "");
  }

  private Menu atFilter(Key key) {
    return switch (key) {
      case Key.Letter(char letter) -> typing(typed + letter).at(0);
      case Key.Named.BACKSPACE -> typing(shorter());
      case Key.Named.ENTER -> on(new Page.Nodes(typed)).typing("");
      case Key.Named.ESCAPE -> on(new Page.Nodes("")).typing("");
      case Key.Named named -> moved(named, shown().size());
    };
  }

  private Menu atActions(Key key) {
    return switch (key) {
      case Key.Letter(char letter) -> letter == 'q' ? on(new Page.Quit()) : this;
      case Key.Named.ENTER -> acting(actions.get(cursor));
      case Key.Named.ESCAPE, Key.Named.BACKSPACE -> again();
      case Key.Named named -> moved(named, actions.size());
    };
  }

  private Menu acting(MenuAction action) {
    return action.prompt().isEmpty()
        ? on(new Page.Run(action.commands(names(), Optional.empty())))
        : on(new Page.Value(action)).typing("");
  }

  private Menu atValue(MenuAction action, Key key) {
    return switch (key) {
      case Key.Letter(char letter) -> typing(typed + letter);
      case Key.Named.BACKSPACE -> typing(shorter());
      case Key.Named.ESCAPE -> on(new Page.Actions()).typing("");
      case Key.Named.ENTER ->
          typed.isBlank() ? this : on(new Page.Run(action.commands(names(), Optional.of(typed))));
      case Key.Named _ -> this;
    };
  }

  /** What the chosen nodes are called on a command line, in the order of the list. */
  List<String> names() {
    return nodes.stream()
        .filter(node -> chosen.contains(node.mac()))
        .map(node -> node.name().isEmpty() ? node.mac() : node.name())
        .toList();
  }

  private Menu toggled() {
    List<NodeRow> shown = shown();
    if (shown.isEmpty()) {
      return this;
    }
    Set<String> now = new HashSet<>(chosen);
    String mac = shown.get(cursor).mac();
    if (!now.remove(mac)) {
      now.add(mac);
    }
    return choosing(now).moved(Key.Named.DOWN, shown.size());
  }

  private static List<String> macs(List<NodeRow> rows) {
    return new ArrayList<>(rows.stream().map(NodeRow::mac).toList());
  }

  private Menu moved(Key.Named key, int lines) {
    int to =
        switch (key) {
          case UP -> cursor - 1;
          case DOWN -> cursor + 1;
          case PAGE_UP -> cursor - PAGE;
          case PAGE_DOWN -> cursor + PAGE;
          case HOME -> 0;
          case END -> lines - 1;
          case ENTER, BACKSPACE, ESCAPE, OTHER -> cursor;
        };
    return at(Math.clamp(to, 0, Math.max(0, lines - 1)));
  }

  private Menu inBounds() {
    int lines =
        switch (page) {
          case Page.Nodes(_), Page.Filter() -> shown().size();
          case Page.Actions(), Page.Value(_), Page.Run(_), Page.Quit() -> actions.size();
        };
    return at(Math.clamp(cursor, 0, Math.max(0, lines - 1)));
  }

  private String shorter() {
    return typed.isEmpty() ? typed : typed.substring(0, typed.length() - 1);
  }

  private Menu on(Page next) {
    boolean list = next instanceof Page.Nodes || next instanceof Page.Filter;
    return new Menu(next, nodes, chosen, actions, list ? 0 : cursor, typed);
  }

  private Menu typing(String text) {
    return new Menu(page, nodes, chosen, actions, cursor, text);
  }

  private Menu choosing(Set<String> macs) {
    return new Menu(page, nodes, macs, actions, cursor, typed);
  }

  private Menu at(int line) {
    return new Menu(page, nodes, chosen, actions, line, typed);
  }
}
