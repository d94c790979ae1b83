package org.krgboot.cli;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help texts as pages for man(1), in the macros of man(7). Pure. */
final class ManualPages {
  private static final String FENCE = "```";
  private static final String EXIT = "Exit: ";
  private static final String EXAMPLES = "Examples:";

  private final LocalDate date;

  /** With this date at the foot of each page. */
  ManualPages(LocalDate date) {
    this.date = date;
  }

  /** A page for the program and for each command that is not hidden, by name. */
  Map<String, String> of(CommandLine program) {
    Map<String, String> pages = new TreeMap<>();
    add(program, pages);
    return pages;
  }

  private void add(CommandLine command, Map<String, String> pages) {
    CommandSpec spec = command.getCommandSpec();
    pages.put(pageName(spec), page(command));
    for (CommandLine below : visible(command)) {
      add(below, pages);
    }
  }

  private static List<CommandLine> visible(CommandLine command) {
    return command.getSubcommands().values().stream()
        .distinct()
        .filter(below -> !below.getCommandSpec().usageMessage().hidden())
        .filter(below -> !below.getCommandName().equals("help"))
        .toList();
  }

  /** {@code krgboot-root-build}, as git and others name theirs. */
  private static String pageName(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  private String page(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    String about = String.join(" ", lines(spec.usageMessage().description()));
    StringBuilder page = new StringBuilder(title(pageName(spec), 8));
    section(page, "NAME");
    page.append(text(pageName(spec))).append(" \\- ").append(text(brief(about))).append('\n');
    section(page, "SYNOPSIS");
    page.append(".nf\n").append(text(synopsis(command))).append("\n.fi\n");
    section(page, "DESCRIPTION");
    page.append(text(about)).append('\n');
    arguments(page, spec);
    commands(page, command);
    footer(page, lines(spec.usageMessage().footer()));
    section(page, "SEE ALSO");
    page.append(seeAlso(command)).append('\n');
    return page.toString();
  }

  private String title(String name, int section) {
    return ".TH \""
        + name.toUpperCase(Locale.ROOT)
        + "\" \""
        + section
        + "\" \""
        + date
        + "\" \"krgboot\" \"krgboot\"\n.nh\n.ad l\n";
  }

  private static String brief(String about) {
    int end = about.indexOf(". ");
    String first = end < 0 ? about : about.substring(0, end);
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }

  private static String synopsis(CommandLine command) {
    return command.getHelp().synopsis(0).stripTrailing();
  }

  private static void arguments(StringBuilder page, CommandSpec spec) {
    List<PositionalParamSpec> parameters =
        spec.positionalParameters().stream().filter(p -> !p.hidden()).toList();
    List<OptionSpec> options = spec.options().stream().filter(o -> !o.hidden()).toList();
    if (parameters.isEmpty() && options.isEmpty()) {
      return;
    }
    section(page, "OPTIONS");
    parameters.forEach(p -> item(page, p.paramLabel(), p));
    options.forEach(o -> item(page, String.join(", ", o.names()) + label(o), o));
  }

  private static String label(OptionSpec option) {
    return option.arity().max() == 0 ? "" : " " + option.paramLabel();
  }

  private static void item(StringBuilder page, String name, ArgSpec argument) {
    page.append(".TP\n\\fB").append(text(name)).append("\\fR\n");
    page.append(text(String.join(" ", lines(argument.description())))).append('\n');
  }

  private static void commands(StringBuilder page, CommandLine command) {
    List<CommandLine> below = visible(command);
    if (below.isEmpty()) {
      return;
    }
    section(page, "COMMANDS");
    for (CommandLine one : below) {
      CommandSpec spec = one.getCommandSpec();
      page.append(".TP\n\\fB").append(text(pageName(spec))).append("\\fR(8)\n");
      page.append(text(brief(String.join(" ", lines(spec.usageMessage().description())))));
      page.append('\n');
    }
  }

  /** What follows the options of a help text: examples, first steps, the exit status. */
  private static void footer(StringBuilder page, List<String> lines) {
    List<String> rest = new ArrayList<>();
    String exit = "";
    for (String line : lines) {
      if (!exit.isEmpty() || line.startsWith(EXIT)) {
        exit = exit.isEmpty() ? line.substring(EXIT.length()) : exit + " " + line.strip();
      } else {
        rest.add(line);
      }
    }
    rest.removeIf(line -> line.equals(EXAMPLES));
    if (rest.stream().anyMatch(line -> !line.isBlank())) {
      section(page, "EXAMPLES");
      page.append(".nf\n").append(text(String.join("\n", rest).strip())).append("\n.fi\n");
    }
    if (!exit.isEmpty()) {
      section(page, "EXIT STATUS");
      page.append(text(exit)).append('\n');
    }
  }

  private static String seeAlso(CommandLine command) {
    CommandLine parent = command.getParent();
    String above =
        parent == null ? "" : "\\fB" + text(pageName(parent.getCommandSpec())) + "\\fR(8), ";
    return above + "\\fBkrgboot.toml\\fR(5)";
  }

  /**
   * The page on the configuration file, out of the README's part on it: its prose and its blocks.
   *
   * @throws IllegalArgumentException if there is no such part
   */
  String configuration(String readme) {
    String part = part(readme);
    StringBuilder page = new StringBuilder(title("krgboot.toml", 5));
    section(page, "NAME");
    page.append("krgboot.toml \\- configuration of the boot server krgboot(8)\n");
    section(page, "DESCRIPTION");
    boolean inBlock = false;
    for (String line : part.strip().lines().toList()) {
      if (line.startsWith(FENCE)) {
        inBlock = !inBlock;
        page.append(inBlock ? ".PP\n.nf\n" : ".fi\n");
      } else if (line.isBlank()) {
        page.append(inBlock ? "\n" : ".PP\n");
      } else {
        page.append(text(inBlock ? line : line.replace("`", ""))).append('\n');
      }
    }
    section(page, "FILES");
    page.append("/etc/krgboot/krgboot.toml\n");
    section(page, "SEE ALSO");
    page.append("\\fBkrgboot\\fR(8), \\fBkrgboot\\-check\\fR(8)\n");
    return page.toString();
  }

  private static String part(String readme) {
    int begin = readme.indexOf("\n## Configuration\n");
    if (begin < 0) {
      throw new IllegalArgumentException("the README has no part on the configuration");
    }
    int from = readme.indexOf('\n', begin + 1) + 1;
    int end = readme.indexOf("\n## ", from);
    return end < 0 ? readme.substring(from) : readme.substring(from, end);
  }

  private static void section(StringBuilder page, String title) {
    page.append(".SH ").append(title).append('\n');
  }

  private static List<String> lines(String... texts) {
    return Arrays.stream(texts).map(text -> text.replace("%n", "\n").replace("%%", "%")).toList();
  }

  /** No backslash, hyphen, or dot at a line's begin is a command to the formatter: man(7). */
  static String text(String plain) {
    String escaped = plain.replace("\\", "\\e").replace("-", "\\-").replace("…", "...");
    return escaped.replaceAll("(?m)^([.'])", "\\\\&$1");
  }
}
