package org.krgboot.lab;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine's serial line, as a person at a terminal would use it. Text is taken once: a wait
 * begins where the one before it ended. Escape sequences and carriage returns are left out.
 */
public final class SerialConsole implements Closeable {
  /** What is kept; a boot says about 60 KB. */
  private static final int KEPT = 1 << 20;

  // CSI and OSC sequences and character set choices (ECMA-48), and carriage returns.
  private static final Pattern NOISE =
      Pattern.compile(
          "\\x1b\\[[0-?]*[ -/]*[@-~]|\\x1b\\][^\\x07]*\\x07|\\x1b[()].|\\x1b[=>78c]|\\r");
  private static final Pattern LOGIN = Pattern.compile("([a-z0-9-]+) login: ");
  private static final int SHOWN = 25;

  /** What a command in the guest did. */
  public record Ran(int status, String output) {}

  private final Object lock = new Object();
  private final StringBuilder received = new StringBuilder();
  private final OutputStream to;
  private int taken;
  private int commands;
  private boolean ended;

  /**
   * Takes over both directions of a line.
   *
   * @param from what the machine says; read until its end by a thread of our own
   * @param to what the machine hears
   */
  public SerialConsole(InputStream from, OutputStream to) {
    this.to = to;
    Thread.ofPlatform().daemon().name("krgboot-serial").start(() -> listen(from));
  }

  private void listen(InputStream from) {
    byte[] buffer = new byte[4096];
    try (from) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      append("\n(the line broke: " + e.getMessage() + ")\n");
    }
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }

  private void append(String text) {
    synchronized (lock) {
      received.append(text);
      int surplus = received.length() - KEPT;
      if (surplus > 0) {
        received.delete(0, surplus);
        taken = Math.max(0, taken - surplus);
      }
      lock.notifyAll();
    }
  }

  /**
   * Waits for a text that matches.
   *
   * @return the match, in text without escape sequences
   * @throws LabException if it has not come in time or the line has ended, with the last lines
   */
  public Matcher expect(Pattern wanted, Duration within) throws LabException {
    long deadline = System.nanoTime() + within.toNanos();
    try {
      synchronized (lock) {
        while (true) {
          Matcher matcher = wanted.matcher(clean(received.substring(taken)));
          if (matcher.find()) {
            taken = takenAt(matcher.end());
            return matcher;
          }
          long left = (deadline - System.nanoTime()) / 1_000_000;
          if (ended || left <= 0) {
            throw notSeen(wanted, within);
          }
          lock.wait(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private LabException notSeen(Pattern wanted, Duration within) {
    return new LabException(
        (ended ? "the serial line ended" : "nothing for " + within.toSeconds() + " s")
            + " while waiting for '"
            + wanted
            + "'. Its last lines:\n"
            + String.join("\n", lastLines()));
  }

  /** Where in the raw text the first {@code length} clean characters end. */
  private int takenAt(int length) {
    Matcher noise = NOISE.matcher(received);
    int raw = taken;
    int clean = 0;
    while (noise.find(raw) && clean + noise.start() - raw < length) {
      clean += noise.start() - raw;
      raw = noise.end();
    }
    return raw + length - clean;
  }

  static String clean(String text) {
    return NOISE.matcher(text).replaceAll("");
  }

  /** Waits for a text as it stands. */
  public void expect(String wanted, Duration within) throws LabException {
    expect(Pattern.compile(Pattern.quote(wanted)), within);
  }

  /** Types a line. */
  public void send(String line) throws LabException {
    type(line + "\n");
  }

  /** Presses keys; those without a letter as a terminal sends them (ECMA-48). */
  public void type(String keys) throws LabException {
    try {
      to.write(keys.getBytes(StandardCharsets.UTF_8));
      to.flush();
    } catch (IOException e) {
      throw new LabException("the machine does not listen any more: " + e.getMessage(), e);
    }
  }

  /**
   * Waits for the login prompt and logs in.
   *
   * @return the host name that the prompt shows
   */
  public String login(String user, String password, Duration within) throws LabException {
    String name = expect(LOGIN, within).group(1);
    send(user);
    expect("Password: ", within);
    send(password);
    expect(Pattern.compile("[#$] $"), within);
    // Kernel messages would stand in the middle of what commands print.
    run("dmesg -n 1; export TERM=dumb PS1='# '; bind 'set enable-bracketed-paste off'", within);
    return name;
  }

  /**
   * Runs a shell command; a shell must be waiting.
   *
   * @param command one line
   */
  public Ran run(String command, Duration within) throws LabException {
    int number = ++commands;
    // The marks are put together by the guest: in the echo of the line they do not stand.
    send(
        "printf '%s-%d<\\n' krg "
            + number
            + "; { "
            + command
            + "; }; printf '%s-%d>%d\\n' krg "
            + number
            + " $?");
    expect("krg-" + number + "<\n", within);
    Matcher end = expect(Pattern.compile("(?s)(.*?)krg-" + number + ">(\\d+)\n"), within);
    return new Ran(Integer.parseInt(end.group(2)), end.group(1));
  }

  /** All that is kept, from the start; for a look that takes nothing. */
  public String text() {
    synchronized (lock) {
      return clean(received.toString());
    }
  }

  /** The last lines that say anything. */
  public List<String> lastLines() {
    List<String> lines = text().lines().filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - SHOWN), lines.size());
  }

  @Override
  public void close() {
    try {
      to.close();
    } catch (IOException e) {
      append("\n(closing the line: " + e.getMessage() + ")\n");
    }
  }
}
