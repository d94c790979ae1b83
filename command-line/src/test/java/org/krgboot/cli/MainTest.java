package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter err = new StringWriter();

  @Test
  void a_mistyped_word_is_told_in_a_line_with_where_to_look_or_what_was_meant() {
    assertThat(execute("power", "krgnode1", "onn")).isEqualTo(2);
    assertThat(err.toString())
        .contains("was 'onn'")
        .contains("See: krgboot power --help")
        .hasLineCount(2);
    err.getBuffer().setLength(0);
    assertThat(execute("nodse")).isEqualTo(2);
    assertThat(err.toString()).contains("nodse").contains("krgboot nodes");
  }

  @Test
  void a_word_that_is_none_of_ours_is_answered_with_what_is_wanted() {
    refuses("krgboot set", "set", "krgnode07", "target");
    refuses("krgboot set", "set", "krgnode07");
    refuses("krgboot unset", "unset", "krgnode07");
    refuses("krgboot approve", "approve");
    refuses("krgboot fence", "fence");
    refuses("krgboot config rollback", "config", "rollback", "last");
  }

  private void refuses(String command, String... arguments) {
    err.getBuffer().setLength(0);
    assertThat(execute(arguments)).isEqualTo(2);
    assertThat(err.toString()).contains("See: " + command + " --help").hasLineCount(2);
  }

  @Test
  void a_group_is_never_taken_for_a_file_of_arguments() {
    assertThat(Main.commandLine().isExpandAtFiles()).isFalse();
  }

  @Test
  void a_number_of_boots_below_zero_is_refused() {
    assertThat(execute("node", "krgnode1", "--boots", "-1")).isEqualTo(2);
  }

  @Test
  void nothing_said_is_answered_with_all_commands() {
    assertThat(execute()).isEqualTo(2);
    assertThat(err.toString()).contains("say what to do").contains("serve").contains("lab");
  }

  @Test
  void every_command_has_a_help_that_ends_with_examples_or_its_parts() {
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      String help = command.getUsageMessage();
      boolean hasParts = !command.getSubcommands().isEmpty();
      assertThat(help).as(command.getCommandName()).hasSizeGreaterThan(100);
      assertThat(hasParts || help.contains("krgboot " + command.getCommandName()))
          .as(command.getCommandName())
          .isTrue();
    }
  }

  @Test
  void a_command_by_itself_is_the_same_as_among_all() {
    Main.commandLine()
        .getSubcommands()
        .forEach((name, command) -> {
          CommandLine root = Main.commandLine(new String[] {name, "x"});
          CommandLine alone = root.getSubcommands().get(name);
          assertThat(alone.getUsageMessage()).isEqualTo(command.getUsageMessage());
          assertThat(alone.getSubcommands().keySet()).isEqualTo(command.getSubcommands().keySet());
          assertThat(root.isExpandAtFiles()).isFalse();
        });
    assertThat(Main.commandLine(new String[] {"serve"}).getSubcommands()).hasSize(1);
    assertThat(Main.commandLine(new String[] {"serv"}).getSubcommands()).hasSizeGreaterThan(20);
  }

  private int execute(String... arguments) {
    CommandLine line = Main.commandLine(arguments).setErr(new PrintWriter(err, true));
    line.getSubcommands().values().forEach(sub -> sub.setErr(new PrintWriter(err, true)));
    return line.execute(arguments);
  }
}
