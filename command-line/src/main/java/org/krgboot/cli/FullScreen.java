package org.krgboot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Objects;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/**
 * The terminal, full screen and key by key, while it is open; afterwards as it was, also after a
 * signal. Escape sequences: ECMA-48, and xterm's for the second screen.
 */
final class FullScreen implements AutoCloseable {
  private static final String SECOND_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String FIRST_SCREEN = "\u001b[?25h\u001b[?1049l";
  private static final String TOP = "\u001b[H";
  private static final String REST_OF_LINE = "\u001b[K";
  private static final String REST_OF_SCREEN = "\u001b[J";
  private static final String REVERSE = "\u001b[7m";
  private static final String PLAIN = "\u001b[0m";
  private static final int ESCAPE = 27;
  private static final int DELETE = 127;

  /** A key's sequence comes at once; a person's next key does not. */
  private static final int SEQUENCE_MILLIS = 50;

  /** How a line is marked; see no-color.org. */
  private enum Marks {
    REVERSED,
    NONE
  }

  private final Terminal terminal;
  private final Attributes before;
  private final Marks marks;
  private final Thread atExit;
  private boolean restored;

  private FullScreen(Terminal terminal, Marks marks) {
    this.terminal = terminal;
    this.marks = marks;
    this.before = terminal.enterRawMode();
    this.atExit = new Thread(this::restore, "terminal");
    Runtime.getRuntime().addShutdownHook(atExit);
    write(SECOND_SCREEN);
  }

  /**
   * Takes the terminal over.
   *
   * @throws IOException if there is none
   */
  static FullScreen open() throws IOException {
    if (!Objects.requireNonNull(System.console()).isTerminal()) {
      throw new IOException(
          "the menu needs a terminal; the commands do without, see krgboot --help");
    }
    // stty(1) does it: what runs at each key is Java alone. With signals of its own, it would set
    // Ctrl-C to what the system does by default: an end without shutdown hooks.
    Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .providers("exec")
            .nativeSignals(false)
            .dumb(false)
            .build();
    boolean plain = System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"));
    return new FullScreen(terminal, plain ? Marks.NONE : Marks.REVERSED);
  }

  Size size() {
    Size size = terminal.getSize();
    return size.getColumns() > 0 && size.getRows() > 0 ? size : new Size(80, 24);
  }

  void show(MenuScreen screen) {
    StringBuilder text = new StringBuilder(TOP);
    for (int i = 0; i < screen.lines().size(); i++) {
      boolean reversed = i == screen.marked() && marks == Marks.REVERSED;
      text.append(reversed ? REVERSE : "")
          .append(screen.lines().get(i))
          .append(reversed ? PLAIN : "")
          .append(REST_OF_LINE)
          .append(i < screen.lines().size() - 1 ? "\r\n" : "");
    }
    write(text.append(REST_OF_SCREEN).toString());
  }

  /**
   * The next key; {@link Key.Named#OTHER} if none comes in time.
   *
   * @throws IOException if the terminal is gone
   */
  Key key(long millis) throws IOException {
    int first = terminal.reader().read(millis);
    return switch (first) {
      case NonBlockingReader.READ_EXPIRED -> Key.Named.OTHER;
      case NonBlockingReader.EOF -> throw new IOException("the terminal is gone");
      case '\r', '\n' -> Key.Named.ENTER;
      case '\b', DELETE -> Key.Named.BACKSPACE;
      case ESCAPE -> sequence();
      default -> first >= ' ' ? new Key.Letter((char) first) : Key.Named.OTHER;
    };
  }

  /** Arrow keys and their like: ESC [ or ESC O, digits, a letter. */
  private Key sequence() throws IOException {
    int next = terminal.reader().read(SEQUENCE_MILLIS);
    if (next != '[' && next != 'O') {
      return Key.Named.ESCAPE;
    }
    StringBuilder sequence = new StringBuilder();
    for (int c = terminal.reader().read(SEQUENCE_MILLIS);
        c >= 0;
        c = terminal.reader().read(SEQUENCE_MILLIS)) {
      sequence.append((char) c);
      if (c >= '@') {
        break;
      }
    }
    return switch (sequence.toString()) {
      case "A" -> Key.Named.UP;
      case "B" -> Key.Named.DOWN;
      case "5~" -> Key.Named.PAGE_UP;
      case "6~" -> Key.Named.PAGE_DOWN;
      case "H", "1~", "7~" -> Key.Named.HOME;
      case "F", "4~", "8~" -> Key.Named.END;
      default -> Key.Named.OTHER;
    };
  }

  /** At a signal, the thread that draws still runs when the terminal is as it was. */
  private synchronized void write(String text) {
    if (!restored) {
      terminal.writer().write(text);
      terminal.flush();
    }
  }

  /** By a stream of its own: at a signal, the terminal closes standard output at the same time. */
  private synchronized void restore() {
    restored = true;
    try (PrintStream out = new PrintStream(new FileOutputStream("/dev/tty"), true, UTF_8)) {
      out.print(FIRST_SCREEN);
    } catch (FileNotFoundException e) {
      // It has gone, and nothing is shown on it any more.
    }
    try {
      terminal.setAttributes(before);
    } catch (IllegalStateException e) {
      // At a signal it closes itself too, and then has done so.
    }
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    restore();
    terminal.close();
  }
}
