package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /etc/default/tftpd-hpa}: the old form with {@code RUN_DAEMON} and {@code OPTIONS}, and the
 * new one with {@code TFTP_DIRECTORY}. The how-to has blanks round its equals signs.
 */
final class TftpdHpa {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?:export\\s+)?([A-Za-z_]+)\\s*=\\s*(.*)");
  private static final Pattern PORT = Pattern.compile(".*:([0-9]{1,5})");
  private static final Pattern WITH_VALUE = Pattern.compile("(--[a-z0-9-]+)=(.*)");

  private final Draft draft;
  private final Report report;

  private TftpdHpa(Draft draft) {
    this.draft = draft;
    this.report = draft.report();
  }

  static void read(String file, String text, Draft draft) {
    TftpdHpa reader = new TftpdHpa(draft);
    for (Lines.Line line : Lines.of(file, text)) {
      String content = line.text().strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        reader.line(line.place(), content);
      }
    }
  }

  private void line(Place place, String content) {
    Matcher assignment = ASSIGNMENT.matcher(content);
    if (!assignment.matches()) {
      report.error(place, "a line is NAME=\"value\"");
      return;
    }
    String value = unquoted(assignment.group(2));
    switch (assignment.group(1)) {
      case "TFTP_DIRECTORY" -> directories(place, List.of(value.strip().split("\\s+", -1)));
      case "TFTP_ADDRESS" -> address(place, value);
      case "TFTP_OPTIONS", "OPTIONS" -> options(place, value);
      case "TFTP_USERNAME" -> report.needless(place, "the daemon has its own user");
      case "RUN_DAEMON" -> report.needless(place, "TFTP is served with the rest");
      default -> report.error(place, "tftpd-hpa knows no " + assignment.group(1));
    }
  }

  private static String unquoted(String text) {
    String value = text.strip();
    if (!value.isEmpty() && (value.charAt(0) == '"' || value.charAt(0) == '\'')) {
      int end = value.indexOf(value.charAt(0), 1);
      return end < 0 ? value.substring(1) : value.substring(1, end);
    }
    return value.replaceFirst("\\s+#.*", "");
  }

  private void directories(Place place, List<String> directories) {
    List<String> absolute = directories.stream().filter(each -> each.startsWith("/")).toList();
    if (absolute.isEmpty()) {
      report.error(place, "the directory begins with '/'");
      return;
    }
    draft.set("tftp.root", absolute.getFirst(), place);
    if (absolute.size() > 1) {
      report.ignored(
          place,
          "of " + absolute.size() + " directories the first; say the others as tftp.more-roots");
    }
  }

  private void address(Place place, String address) {
    Matcher port = PORT.matcher(address);
    if (port.matches() && Integer.parseInt(port.group(1)) != 69) {
      draft.set("tftp.port", port.group(1), place);
    } else {
      report.needless(place, "port 69 on the boot network's address");
    }
  }

  private void options(Place place, String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.strip().split("\\s+", -1)) {
      Matcher valued = WITH_VALUE.matcher(word);
      if (valued.matches()) {
        words.add(valued.group(1));
        words.add(valued.group(2));
      } else if (word.matches("-[^-].+")) {
        parted(word, words);
      } else if (!word.isEmpty()) {
        words.add(word);
      }
    }
    List<String> directories = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String value = i + 1 < words.size() ? words.get(i + 1) : "";
      i += option(place, words.get(i), value, directories);
    }
    if (!directories.isEmpty()) {
      directories(place, directories);
    } else if (words.isEmpty()) {
      report.needless(place, "no options");
    }
  }

  /** As getopt does: {@code -lvs} is {@code -l -v -s}, {@code -B1468} is {@code -B 1468}. */
  private static void parted(String word, List<String> words) {
    for (int i = 1; i < word.length(); i++) {
      words.add("-" + word.charAt(i));
      if ("mauUPtTRBr".indexOf(word.charAt(i)) >= 0 && i + 1 < word.length()) {
        words.add(word.substring(i + 1));
        return;
      }
    }
  }

  /** How many words it takes beside its own. */
  private int option(Place place, String word, String value, List<String> directories) {
    switch (word) {
      case "-l", "--listen", "-L", "--foreground", "-s", "--secure", "-4", "--ipv4" ->
          report.needless(place, word + ": so it is here; nodes see the directory as '/'");
      case "-v", "--verbose", "-V", "--version" ->
          report.needless(place, word + ": what happens is in the daemon's journal");
      case "-c", "--create" -> report.ignored(place, word + ": nodes cannot write files by TFTP");
      case "-p", "--permissive" -> report.needless(place, word + ": files must be readable");
      case "-6", "--ipv6" -> report.ignored(place, word + ": IPv6 is not served");
      default -> {
        if (word.startsWith("/")) {
          directories.add(word);
        } else {
          return valued(place, word, value);
        }
      }
    }
    return 0;
  }

  private void mapFile(Place place, String file) {
    if (file.startsWith("/")) {
      draft.set("tftp.map-file", file, place);
    } else {
      report.error(place, "the map file '" + file + "' does not begin with '/'");
    }
  }

  /** An option that takes the next word. */
  private int valued(Place place, String word, String value) {
    return switch (word) {
      case "-m", "--map-file" -> {
        mapFile(place, value);
        yield 1;
      }
      case "-a", "--address" -> {
        address(place, value);
        yield 1;
      }
      case "-u",
          "--user",
          "-U",
          "--umask",
          "-P",
          "--pidfile",
          "-t",
          "--timeout",
          "-T",
          "--retransmit",
          "-R",
          "--port-range",
          "--verbosity" -> {
        report.needless(place, word + " " + value + ": the daemon decides that");
        yield 1;
      }
      case "-B", "--blocksize", "-r", "--refuse" -> {
        report.ignored(place, word + " " + value + ": options are negotiated as RFC 2347 has it");
        yield 1;
      }
      default -> {
        report.error(place, "tftpd-hpa knows no option " + word);
        yield 0;
      }
    };
  }
}
