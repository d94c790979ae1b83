package org.krgboot.nfs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.krgboot.model.Ipv4;

/** Vocabulary of the tests of exports files: known hosts, and an export in one line. */
final class ExportWords {
  /** What /etc/hosts and our DHCP would tell. */
  static final HostNames HOSTS =
      new HostNames() {
        private final Map<String, Set<Ipv4>> known =
            Map.of(
                "front", Set.of(Ipv4.parse("10.11.12.1")),
                "trusty", Set.of(Ipv4.parse("10.11.12.2")),
                "pc001", Set.of(Ipv4.parse("10.11.12.3")),
                "krgnode101.mycluster.home", Set.of(Ipv4.parse("10.11.12.101")),
                "krgnode101", Set.of(Ipv4.parse("10.11.12.101")),
                "krgnode102", Set.of(Ipv4.parse("10.11.12.102")));

        @Override
        public List<Ipv4> addressesOf(String name) {
          return List.copyOf(known.getOrDefault(name, Set.of()));
        }

        @Override
        public Map<String, Set<Ipv4>> known() {
          return known;
        }
      };

  private ExportWords() {}

  static ExportsFile parse(String text) throws ExportsException {
    return ExportsFile.parse("exports", text.getBytes(StandardCharsets.UTF_8), HOSTS);
  }

  static List<String> problems(String text) {
    try {
      parse(text);
    } catch (ExportsException e) {
      return e.problems().stream().map(ExportsFile.Note::toString).toList();
    }
    throw new AssertionError("it was accepted: " + text);
  }

  static List<String> notes(String text) throws ExportsException {
    return parse(text).notes().stream().map(ExportsFile.Note::toString).toList();
  }

  /** The only export's terms for a client. */
  static String terms(String text, String client) throws ExportsException {
    Terms terms = parse(text).exports().getFirst().termsFor(Ipv4.parse(client));
    return terms == null ? "none" : words(terms);
  }

  /** {@code /path fsid=1 client(words) ...} */
  static String line(Export export) {
    return export.path()
        + export.fsid().map(id -> " fsid=" + Integer.toUnsignedString(id)).orElse("")
        + export.mountPoint().map(point -> " mountpoint=" + point).orElse("")
        + export.rules().stream()
            .map(rule -> " " + rule.clients() + "(" + words(rule.terms()) + ")")
            .collect(Collectors.joining());
  }

  /** What differs from the defaults of exports(5). */
  static String words(Terms terms) {
    List<String> words = new ArrayList<>();
    words.add(terms.access() == Terms.Access.READ_WRITE ? "rw" : "ro");
    if (terms.sync() == Terms.Durability.ASYNC) {
      words.add("async");
    }
    if (terms.squash() != Terms.Squash.ROOT) {
      words.add(terms.squash().name().toLowerCase(Locale.ROOT));
    }
    if (terms.ports() == Terms.SourcePorts.ANY) {
      words.add("insecure");
    }
    if (terms.anonUid() != Terms.NOBODY || terms.anonGid() != Terms.NOBODY) {
      words.add(terms.anonUid() + ":" + terms.anonGid());
    }
    return String.join(",", words);
  }
}
