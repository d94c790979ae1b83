package org.krgboot.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.Callable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.NodeRow;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot dcs}: the commands for nodes as a full-screen menu; DRBL's name for it. */
@Command(
    name = "dcs",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the nodes in a full-screen menu: choose some, choose what to do with them. It prints the",
      "command line that does the same, and runs it. Works over ssh and in tmux, from 80 columns and",
      "24 lines on; without colours where NO_COLOR is set."
    },
    footer = {
      "",
      "Keys: arrows, Space chooses, a all, n none, / finds, Enter goes on, Esc back, q quits.",
      "",
      "Examples:",
      "  krgboot dcs",
      "  NO_COLOR=1 krgboot dcs"
    })
final class DcsCommand implements Callable<Integer> {
  private static final int REFRESH_MILLIS = 1_000;

  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Override
  public Integer call() {
    CommandLine krgboot = new CommandLine(new KrgbootCommand());
    try (AdminClient client = daemon.client()) {
      Menu menu = Menu.start(client.nodes(), MenuAction.among(krgboot.getSubcommands().keySet()));
      while (true) {
        menu = untilDone(menu, client);
        if (!(menu.page() instanceof Menu.Page.Run(List<List<String>> commands))) {
          return 0;
        }
        commands.forEach(command -> run(krgboot, command));
        if (!goesOn()) {
          return 0;
        }
        menu = menu.again();
      }
    } catch (IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private static Menu untilDone(Menu start, AdminClient client) throws IOException {
    Menu menu = start;
    try (FullScreen screen = FullScreen.open()) {
      long asked = System.nanoTime();
      while (!(menu.page() instanceof Menu.Page.Run || menu.page() instanceof Menu.Page.Quit)) {
        screen.show(
            MenuScreen.of(
                menu, screen.size().getColumns(), screen.size().getRows(), Instant.now()));
        menu = menu.step(screen.key(REFRESH_MILLIS));
        if ((System.nanoTime() - asked) / 1_000_000 > REFRESH_MILLIS) {
          menu = now(client).map(menu::with).orElse(menu);
          asked = System.nanoTime();
        }
      }
    }
    return menu;
  }

  /** While the daemon is being restarted, the menu shows what was. */
  private static Optional<List<NodeRow>> now(AdminClient client) {
    try {
      return Optional.of(client.nodes());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void run(CommandLine krgboot, List<String> words) {
    List<String> command = new ArrayList<>(words);
    command.addAll(daemon.words());
    System.out.println("$ " + MenuAction.shown(command));
    krgboot.execute(command.toArray(String[]::new));
  }

  private static boolean goesOn() {
    System.out.print("\nEnter: back to the menu, q and Enter: quit ");
    System.out.flush();
    Scanner lines = new Scanner(System.in, Charset.defaultCharset());
    return lines.hasNextLine() && !lines.nextLine().strip().startsWith("q");
  }
}
