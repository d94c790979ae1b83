package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where packages come from, in apt's terms (sources.list(5)).
 *
 * @param entries the release itself first, then its updates and security
 */
record AptSources(List<Entry> entries) {
  /** Debian's keys; the package debian-archive-keyring puts them there. */
  static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

  /**
   * One line of a sources.list.
   *
   * @param signedBy the keyring to trust, or empty for apt's own choice
   */
  record Entry(Optional<String> signedBy, String uri, String suite, String components) {
    String line() {
      return "deb "
          + signedBy.map(key -> "[signed-by=" + key + "] ").orElse("")
          + uri
          + " "
          + suite
          + " "
          + components;
    }
  }

  private static final Pattern ONE_LINE =
      Pattern.compile("deb\\s+(?:\\[([^\\]]*)\\]\\s*)?(\\S+)\\s+(\\S+)\\s+(.+)");

  static AptSources ofMirror(String mirror, String suite) {
    return new AptSources(
        List.of(new Entry(Optional.of(KEYRING.toString()), mirror, suite, "main")));
  }

  /**
   * What this machine's apt uses for that release.
   *
   * @param etcApt /etc/apt
   */
  static AptSources ofHost(Path etcApt, String suite) throws IOException {
    List<Entry> found = new ArrayList<>();
    for (Path file : files(etcApt)) {
      String text = Files.readString(file);
      found.addAll(file.toString().endsWith(".sources") ? stanzas(text) : oneLiners(text));
    }
    return of(found, suite);
  }

  private static Iterable<Path> files(Path etcApt) throws IOException {
    TreeSet<Path> files = new TreeSet<>();
    if (Files.isReadable(etcApt.resolve("sources.list"))) {
      files.add(etcApt.resolve("sources.list"));
    }
    Path directory = etcApt.resolve("sources.list.d");
    if (Files.isDirectory(directory)) {
      try (Stream<Path> list = Files.list(directory)) {
        list.filter(f -> f.toString().endsWith(".list") || f.toString().endsWith(".sources"))
            .filter(Files::isReadable)
            .forEach(files::add);
      }
    }
    return files;
  }

  /** Keeps what is Debian's own: the release, its updates, its security; nobody else's packages. */
  static AptSources of(List<Entry> found, String suite) {
    List<String> suites = List.of(suite, suite + "-updates", suite + "-security");
    return new AptSources(
        suites.stream()
            .flatMap(wanted -> found.stream().filter(e -> e.suite().equals(wanted)))
            .filter(e -> List.of(e.components().split(" ", -1)).contains("main"))
            .filter(e -> e.signedBy().map(key -> key.contains("debian-archive")).orElse(true))
            .map(e -> new Entry(e.signedBy(), e.uri(), e.suite(), "main"))
            .distinct()
            .toList());
  }

  /** Reads the one-line form; what is not a {@code deb} line is passed over. */
  static List<Entry> oneLiners(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      Matcher matcher = ONE_LINE.matcher(line.replaceFirst("\\s#.*", ""));
      if (matcher.matches()) {
        Optional<String> signedBy =
            Optional.ofNullable(matcher.group(1)).stream()
                .flatMap(options -> Arrays.stream(options.split("\\s+", -1)))
                .filter(option -> option.toLowerCase(Locale.ROOT).startsWith("signed-by="))
                .map(option -> option.substring("signed-by=".length()))
                .findFirst();
        String components = matcher.group(4).strip().replaceAll("\\s+", " ");
        entries.add(new Entry(signedBy, matcher.group(2), matcher.group(3), components));
      }
    }
    return entries;
  }

  /** Reads the deb822 form: stanzas of fields, one empty line between them. */
  static List<Entry> stanzas(String text) {
    List<Entry> entries = new ArrayList<>();
    String plain = text.lines().filter(l -> !l.startsWith("#")).collect(Collectors.joining("\n"));
    for (String stanza : plain.split("\\n\\s*\\n", -1)) {
      Map<String, String> fields = fields(stanza);
      boolean wanted =
          words(fields, "types").contains("deb")
              && !fields.getOrDefault("enabled", "yes").equalsIgnoreCase("no");
      // A key that stands in the stanza itself is not Debian's own keyring.
      Optional<String> signedBy = Optional.ofNullable(fields.get("signed-by"));
      for (String uri : wanted ? words(fields, "uris") : List.<String>of()) {
        for (String suite : words(fields, "suites")) {
          String components = String.join(" ", words(fields, "components"));
          entries.add(new Entry(signedBy, uri, suite, components));
        }
      }
    }
    return entries;
  }

  private static Map<String, String> fields(String stanza) {
    Map<String, String> fields = new LinkedHashMap<>();
    String last = "";
    for (String line : stanza.split("\\n", -1)) {
      int colon = line.indexOf(':');
      if (!line.isEmpty() && Character.isWhitespace(line.charAt(0))) {
        fields.merge(last, line.strip(), (a, b) -> a + " " + b);
      } else if (colon > 0) {
        last = line.substring(0, colon).toLowerCase(Locale.ROOT);
        fields.put(last, line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  private static List<String> words(Map<String, String> fields, String name) {
    return Stream.of(fields.getOrDefault(name, "").split("\\s+", -1))
        .filter(w -> !w.isEmpty())
        .toList();
  }

  /** The same for a Debian root, in which of all keyrings there is Debian's own. */
  AptSources inRoot() {
    return new AptSources(
        entries.stream()
            .map(e ->
                new Entry(
                    e.signedBy().filter(KEYRING.toString()::equals),
                    e.uri(),
                    e.suite(),
                    e.components()))
            .toList());
  }

  String text() {
    return entries.stream().map(e -> e.line() + "\n").collect(Collectors.joining());
  }
}
