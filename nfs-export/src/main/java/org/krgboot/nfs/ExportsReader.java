package org.krgboot.nfs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one exports file: entries, their clients, and what belongs to one path together. */
final class ExportsReader {
  /** A remark with its line, before it has a file name. */
  record Remark(int line, String text) {}

  /** What a file quotes must not upset a terminal. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f]");

  private final String file;
  private final HostNames names;
  private final List<Remark> problems = new ArrayList<>();
  private final List<Remark> notes = new ArrayList<>();
  private final Map<Path, ExportDraft> drafts = new LinkedHashMap<>();

  ExportsReader(String file, HostNames names) {
    this.file = file;
    this.names = names;
  }

  ExportsFile read(byte[] content) throws ExportsException {
    ExportsScanner.Scanned scanned =
        ExportsScanner.scan(new String(content, StandardCharsets.ISO_8859_1));
    scanned.faults().forEach(fault -> problem(fault.line(), fault.what()));
    scanned.entries().forEach(this::entry);
    ExportDrafts.check(drafts.values(), problems, notes);
    if (!problems.isEmpty()) {
      throw new ExportsException(placed(problems));
    }
    return new ExportsFile(
        drafts.values().stream().map(ExportDraft::finished).toList(), placed(notes));
  }

  private List<ExportsFile.Note> placed(List<Remark> remarks) {
    return remarks.stream()
        .sorted(Comparator.comparingInt(Remark::line))
        .map(remark ->
            new ExportsFile.Note(
                file + ":" + remark.line(), UNPRINTABLE.matcher(remark.text()).replaceAll("?")))
        .toList();
  }

  private void problem(int line, String what) {
    problems.add(new Remark(line, what));
  }

  private void entry(List<ExportsScanner.Word> words) {
    ExportsScanner.Word first = words.getFirst();
    Path path = path(first);
    ExportDraft draft =
        path == null
            ? new ExportDraft(Path.of("/"), first.line()) // for the errors of the clients
            : drafts.computeIfAbsent(path, each -> new ExportDraft(each, first.line()));
    List<ExportsScanner.Word> rest = words.subList(1, words.size());
    ExportOptions defaults = new ExportOptions();
    boolean given = !rest.isEmpty() && rest.getFirst().text().startsWith("-");
    if (given) {
      ExportsScanner.Word word = rest.getFirst();
      options(defaults, word.text().substring(1), word.line());
      rest = rest.subList(1, rest.size());
    }
    if (rest.isEmpty()) {
      problem(first.line(), noClient(first.text()));
    }
    clients(draft, rest, defaults, given ? Given.YES : Given.NO);
  }

  /** Whether a line has default options. */
  private enum Given {
    YES,
    NO
  }

  private static String noClient(String path) {
    return path.indexOf('(') >= 0
        ? "there is no blank between the path and its client; write /path client(options)"
        : "'"
            + ExportsScanner.printable(path)
            + "' has no client; write *(ro) behind it if it is for everybody";
  }

  private @Nullable Path path(ExportsScanner.Word word) {
    String shown = ExportsScanner.printable(word.text());
    byte[] bytes = word.text().getBytes(StandardCharsets.ISO_8859_1);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (!text.startsWith("/")) {
        problem(word.line(), "'" + shown + "' is no path; an entry begins with one, from '/' on");
      } else if (bytes.length > MountPath.MAX) {
        problem(
            word.line(),
            "the path is longer than " + MountPath.MAX + " bytes; no client can mount it");
      } else if (List.of(text.split("/", -1)).contains("..")) {
        problem(word.line(), "the path '" + shown + "' has '..' in it; write where it leads");
      } else {
        return Path.of(text).normalize();
      }
    } catch (CharacterCodingException | InvalidPathException e) {
      problem(
          word.line(),
          "the path '" + shown + "' cannot be used: it is not UTF-8, or the locale is not");
    }
    return null;
  }

  private void clients(
      ExportDraft draft, List<ExportsScanner.Word> words, ExportOptions defaults, Given given) {
    for (int i = 0; i < words.size(); i++) {
      ExportsScanner.Word word = words.get(i);
      String text = word.text();
      boolean detached = i + 1 < words.size() && words.get(i + 1).text().startsWith("(");
      if (text.startsWith("(") && i > 0) {
        problem(word.line(), detached(words.get(i - 1).text(), text));
      } else if (text.startsWith("-")) {
        problem(word.line(), "default options stand right behind the path, before all clients");
      } else if (text.indexOf('(') >= 0 && text.indexOf(')') < 0) {
        problem(
            word.line(),
            "the options of '"
                + ExportsScanner.printable(text)
                + "' do not end;"
                + " write client(rw,sync) without blanks");
        i = endOfOptions(words, i);
      } else {
        if (text.indexOf('(') < 0 && given == Given.NO && !detached) {
          notes.add(new Remark(word.line(), withoutOptions(text)));
        }
        client(draft, word, defaults);
      }
    }
  }

  /** The mistake that opens most servers by accident, exports(5) warns of it. */
  private static String detached(String host, String options) {
    String shown = ExportsScanner.printable(options);
    int end = host.indexOf('(');
    String name = ExportsScanner.printable(end < 0 ? host : host.substring(0, end));
    return "the blank before "
        + shown
        + " would give "
        + shown
        + " to everybody, and "
        + name
        + " only what it has without; write "
        + name
        + shown
        + ", or *"
        + shown
        + " if everybody is meant";
  }

  private static String withoutOptions(String client) {
    String shown = ExportsScanner.printable(client);
    return "'"
        + shown
        + "' has no options and gets ro,sync,root_squash,secure; write "
        + shown
        + "(ro) if that is meant";
  }

  private static int endOfOptions(List<ExportsScanner.Word> words, int from) {
    for (int i = from + 1; i < words.size(); i++) {
      if (words.get(i).text().indexOf('(') >= 0) {
        return i - 1;
      }
      if (words.get(i).text().indexOf(')') >= 0) {
        return i;
      }
    }
    return words.size();
  }

  private void client(ExportDraft draft, ExportsScanner.Word word, ExportOptions defaults) {
    String text = word.text();
    int open = text.indexOf('(');
    ExportOptions options = defaults.copy();
    if (open >= 0) {
      if (text.indexOf(')') != text.length() - 1 || text.indexOf('(', open + 1) >= 0) {
        problem(
            word.line(),
            "'" + ExportsScanner.printable(text) + "' is no client; write client(rw,sync)");
        return;
      }
      options(options, text.substring(open + 1, text.length() - 1), word.line());
    } else if (text.indexOf(')') >= 0) {
      problem(word.line(), "'" + ExportsScanner.printable(text) + "' closes what is not open");
      return;
    }
    Clients clients = who(word, open < 0 ? text : text.substring(0, open));
    if (clients != null) {
      draft.add(clients, options, word.line());
    }
  }

  private @Nullable Clients who(ExportsScanner.Word word, String client) {
    if (client.isEmpty()) {
      String shown = ExportsScanner.printable(word.text());
      notes.add(
          new Remark(word.line(), shown + " without a client is for everybody; write *" + shown));
      return Clients.everybody();
    }
    try {
      return new ClientReader(names, note -> notes.add(new Remark(word.line(), note))).read(client);
    } catch (IllegalArgumentException e) {
      problem(word.line(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void options(ExportOptions options, String list, int line) {
    for (String option : list.split(",", -1)) {
      if (!option.isEmpty()) { // a comma too many says nothing
        try {
          options.add(option);
        } catch (IllegalArgumentException e) {
          problem(line, String.valueOf(e.getMessage()));
        }
      }
    }
  }
}
