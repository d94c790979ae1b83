package org.krgboot.importers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of a dnsmasq.conf in their order, those of the files that it names in their place.
 */
final class DnsmasqLines {
  private static final int DEEPEST = 10;
  private static final int MOST_FILES = 500;

  /**
   * One setting.
   *
   * @param words of its value, parted by commas
   */
  record Setting(Place place, String key, List<Word> words) {
    /** The value without its quotes. */
    String text() {
      return String.join(",", words.stream().map(Word::text).toList());
    }

    /** The texts of the words. */
    List<String> texts() {
      return new ArrayList<>(words.stream().map(Word::text).toList());
    }
  }

  /** A part of a value. */
  record Word(String text, Form form) {}

  /** Whether it is what it looks like: an address in quotes is a text. */
  enum Form {
    BARE,
    QUOTED
  }

  private final SourceFiles files;
  private final Report report;
  private final List<Setting> settings = new ArrayList<>();
  private int left = MOST_FILES;
  private long bytes = 4L * SourceFiles.LARGEST;

  private DnsmasqLines(SourceFiles files, Report report) {
    this.files = files;
    this.report = report;
  }

  static List<Setting> read(String file, String text, SourceFiles files, Report report) {
    DnsmasqLines reader = new DnsmasqLines(files, report);
    reader.all(file, text, "", 0);
    return reader.settings;
  }

  /** Reads a file; in those of hosts and options each line is the value of that key. */
  private void all(String file, String text, String key, int depth) {
    for (Lines.Line line : Lines.of(file, text)) {
      String content = withoutComment(line.text()).strip();
      if (content.isEmpty()) {
        continue;
      }
      if (!key.isEmpty()) {
        settings.add(new Setting(line.place(), key, words(content)));
      } else {
        String[] parts = content.replaceFirst("^--", "").split("=", 2);
        String value = parts.length > 1 ? parts[1].strip() : "";
        setting(new Setting(line.place(), parts[0].strip(), words(value)), depth);
      }
    }
  }

  private void setting(Setting setting, int depth) {
    switch (setting.key()) {
      case "conf-file" -> include(setting, setting.texts().getFirst(), "", depth);
      case "dhcp-hostsfile" -> include(setting, setting.text(), "dhcp-host", depth);
      case "dhcp-optsfile" -> include(setting, setting.text(), "dhcp-option", depth);
      case "conf-dir" -> directory(setting, "", depth);
      case "dhcp-hostsdir" -> directory(setting, "dhcp-host", depth);
      case "dhcp-optsdir" -> directory(setting, "dhcp-option", depth);
      default -> settings.add(setting);
    }
  }

  /** {@code conf-dir=DIRECTORY[,.bak][,*.conf]}: all but those endings, or those only. */
  private void directory(Setting setting, String key, int depth) {
    List<String> words = setting.texts();
    String directory = words.removeFirst();
    List<String> only = new ArrayList<>();
    List<String> not = new ArrayList<>();
    for (String word : words) {
      if (word.startsWith("*")) {
        only.add(word.substring(1));
      } else if (!word.isEmpty()) {
        not.add(word);
      }
    }
    try {
      for (String file : files.list(directory)) {
        boolean wanted =
            (only.isEmpty() || only.stream().anyMatch(file::endsWith))
                && not.stream().noneMatch(file::endsWith)
                && !file.endsWith("~")
                && !file.substring(file.lastIndexOf('/') + 1).matches("[.#].*|.*#");
        if (wanted) {
          include(setting, file, key, depth);
        }
      }
    } catch (IOException e) {
      report.ignored(setting.place(), "'" + directory + "' cannot be read: " + e.getMessage());
    }
  }

  private void include(Setting setting, String file, String key, int depth) {
    if (depth >= DEEPEST || --left < 0) {
      report.error(setting.place(), "too many files; does '" + file + "' include itself?");
      return;
    }
    try {
      byte[] content = files.read(file);
      bytes -= content.length;
      if (content.length > SourceFiles.LARGEST || bytes < 0) {
        report.error(setting.place(), "'" + file + "' is too large");
        return;
      }
      report.used(setting.place(), "what stands in " + file);
      String text = Texts.decoded(new String(content, StandardCharsets.ISO_8859_1));
      all(file, text, key, depth + 1);
    } catch (IOException e) {
      report.ignored(setting.place(), "'" + file + "' cannot be read: " + e.getMessage());
    }
  }

  /** A comment begins the line, or behind a blank; not within quotes. */
  private static String withoutComment(String line) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '#' && !quoted && (i == 0 || Character.isWhitespace(line.charAt(i - 1)))) {
        return line.substring(0, i);
      }
    }
    return line;
  }

  /** Parted at commas that are not within quotes; there is at least one word. */
  static List<Word> words(String value) {
    List<Word> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    Form form = Form.BARE;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        form = Form.QUOTED;
      } else if (c == ',' && !quoted) {
        words.add(new Word(word.toString().strip(), form));
        word.setLength(0);
        form = Form.BARE;
      } else if (c == '\\' && quoted && i + 1 < value.length()) {
        word.append(value.charAt(++i));
      } else if (quoted || form == Form.BARE || !Character.isWhitespace(c)) {
        word.append(c);
      }
    }
    words.add(new Word(word.toString().strip(), form));
    return List.copyOf(words);
  }
}
