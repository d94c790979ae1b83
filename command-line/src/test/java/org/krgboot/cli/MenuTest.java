package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.krgboot.daemon.NodeRow;

/** The full-screen menu: keys in, screens and command lines out. */
class MenuTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Set<String> COMMANDS = Set.of("boot", "power", "exec", "why", "events");

  private static NodeRow node(String name, String stage, String trouble) {
    String number = name.substring(name.length() - 2);
    return new NodeRow(
        name,
        "10.11.12.1" + number,
        "52:54:00:00:00:" + number,
        stage,
        NOW.minusSeconds(42),
        NOW.minusSeconds(60),
        trouble,
        "",
        "");
  }

  private static Menu menu() {
    return Menu.start(
        List.of(
            node("krgnode01", "up", ""),
            node("krgnode02", "loader", "pxelinux.0: not there"),
            node("krgnode03", "dhcp", "")),
        MenuAction.among(COMMANDS));
  }

  private static Menu press(Menu menu, Object... keys) {
    Menu now = menu;
    for (Object key : keys) {
      if (key instanceof String letters) {
        for (char letter : letters.toCharArray()) {
          now = now.step(new Key.Letter(letter));
        }
      } else {
        now = now.step((Key) key);
      }
    }
    return now;
  }

  private static List<String> commands(Menu menu) {
    assertThat(menu.page()).isInstanceOf(Menu.Page.Run.class);
    return ((Menu.Page.Run) menu.page()).commands().stream().map(MenuAction::shown).toList();
  }

  private static Object[] downs(int count) {
    return java.util.Collections.nCopies(count, Key.Named.DOWN).toArray();
  }

  @Test
  void the_nodes_fill_a_screen_of_80_columns_and_24_lines() {
    MenuScreen screen = MenuScreen.of(press(menu(), " "), 80, 24, NOW);
    assertThat(screen.lines()).hasSize(24);
    assertThat(screen.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(81));
    assertThat(screen.lines().get(0)).contains("1 of 3 chosen");
    assertThat(screen.lines().get(2)).startsWith("  [x] krgnode01        10.11.12.101    up");
    assertThat(screen.lines().get(3)).startsWith("> [ ] krgnode02").contains("pxelinux.0: not");
    assertThat(screen.marked()).isEqualTo(3);
    assertThat(screen.lines().get(23)).startsWith("Space choose");
  }

  @Test
  void chosen_nodes_and_an_action_are_one_command_line() {
    assertThat(commands(press(menu(), "a", Key.Named.ENTER, Key.Named.ENTER)))
        .containsExactly("krgboot boot 'krgnode[01-03]' diskless");
  }

  @Test
  void without_a_choice_the_node_under_the_cursor_is_meant() {
    assertThat(
            commands(
                press(menu(), Key.Named.DOWN, Key.Named.ENTER, Key.Named.DOWN, Key.Named.ENTER)))
        .containsExactly("krgboot boot krgnode02 local");
  }

  @Test
  void what_takes_one_node_is_run_for_each() {
    Menu actions = press(menu(), "a", Key.Named.ENTER);
    int why =
        actions.actions().stream().map(action -> action.words().getFirst()).toList().indexOf("why");
    assertThat(commands(press(press(actions, downs(why)), Key.Named.ENTER)))
        .containsExactly("krgboot why krgnode01", "krgboot why krgnode02", "krgboot why krgnode03");
  }

  @Test
  void a_value_is_asked_for_and_stands_quoted() {
    Menu actions = press(menu(), " ", Key.Named.ENTER);
    int exec = actions.actions().stream().map(a -> a.words().getFirst()).toList().indexOf("exec");
    Menu typed = press(press(actions, downs(exec)), Key.Named.ENTER, Key.Named.ENTER, "uptime -pp");
    assertThat(MenuScreen.of(typed, 80, 24, NOW).lines().get(22)).isEqualTo("Command: uptime -pp_");
    assertThat(commands(press(typed, Key.Named.BACKSPACE, Key.Named.ENTER)))
        .containsExactly("krgboot exec krgnode01 'uptime -p'");
  }

  @Test
  void a_filter_shows_fewer_and_choosing_all_means_those() {
    Menu filtered = press(menu(), "/", "not there", Key.Named.ENTER, "a");
    assertThat(filtered.names()).containsExactly("krgnode02");
    assertThat(press(filtered, Key.Named.ESCAPE).shown()).hasSize(3);
  }

  @Test
  void commands_that_are_not_there_are_not_offered() {
    assertThat(menu().actions())
        .extracting(action -> action.words().getFirst())
        .doesNotContain("fence", "set")
        .contains("boot", "exec");
  }

  @Test
  void a_list_longer_than_the_screen_moves_with_the_cursor() {
    List<NodeRow> many = new ArrayList<>();
    for (int i = 10; i < 60; i++) {
      many.add(node("krgnode" + i, "up", ""));
    }
    Menu end = press(Menu.start(many, MenuAction.among(COMMANDS)), Key.Named.END);
    MenuScreen screen = MenuScreen.of(end, 80, 24, NOW);
    assertThat(screen.lines().get(screen.marked())).startsWith("> [ ] krgnode59");
    assertThat(screen.lines().get(0)).contains("lines 31 to 50");
  }

  @Test
  void nodes_that_go_away_are_not_chosen_any_more_and_the_cursor_stays_in_the_list() {
    Menu chosen = press(menu(), "a", Key.Named.END);
    Menu fewer = chosen.with(List.of(node("krgnode01", "up", "")));
    assertThat(fewer.chosen()).containsExactly("52:54:00:00:00:01");
    assertThat(fewer.cursor()).isZero();
    assertThat(press(fewer.with(List.of()), Key.Named.ENTER, " ").page())
        .isInstanceOf(Menu.Page.Nodes.class);
  }

  @Test
  void q_and_escape_leave() {
    assertThat(press(menu(), "q").page()).isInstanceOf(Menu.Page.Quit.class);
    assertThat(press(menu(), Key.Named.ESCAPE).page()).isInstanceOf(Menu.Page.Quit.class);
    assertThat(press(menu(), Key.Named.ENTER, Key.Named.ESCAPE).page())
        .isInstanceOf(Menu.Page.Nodes.class);
  }

  @Test
  void names_are_told_in_few_words() {
    assertThat(NodeNames.range(List.of("n1", "n2", "n3", "n7", "front", "n10")))
        .isEqualTo("n[1-3,7,10],front");
    assertThat(NodeNames.range(List.of("krgnode09", "krgnode10"))).isEqualTo("krgnode[09-10]");
    assertThat(NodeNames.range(List.of("52:54:00:00:00:01", "52:54:00:00:00:02")))
        .isEqualTo("52:54:00:00:00:01,52:54:00:00:00:02");
    assertThat(NodeNames.range(List.of("krgnode01"))).isEqualTo("krgnode01");
  }
}
