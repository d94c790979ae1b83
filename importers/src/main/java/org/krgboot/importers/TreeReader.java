package org.krgboot.importers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2, of which JSON is a part, without recursion, to a depth that people write. Kea's
 * JSON has comments of C and C++ besides: they are blanked before.
 */
final class TreeReader {
  private static final int DEEPEST = 50;
  private static final int MOST = 1_000_000;

  /** A mapping or sequence whose end has not come. */
  private static final class Open {
    final Place place;
    final boolean mapping;
    final Map<String, Tree> entries = new LinkedHashMap<>();
    final List<Tree> elements = new ArrayList<>();
    Optional<String> key = Optional.empty();

    Open(Place place, boolean mapping) {
      this.place = place;
      this.mapping = mapping;
    }

    void add(Tree tree) {
      if (!mapping) {
        elements.add(tree);
      } else if (key.isEmpty()) {
        key = Optional.of(Tree.text(tree));
      } else {
        entries.putIfAbsent(key.get(), tree);
        key = Optional.empty();
      }
    }

    Tree tree() {
      return mapping
          ? new Tree.Mapping(place, Collections.unmodifiableMap(entries))
          : new Tree.Sequence(place, List.copyOf(elements));
    }
  }

  private final String file;
  private final Report report;
  private final Deque<Open> open = new ArrayDeque<>();
  private Optional<Tree> root = Optional.empty();

  private TreeReader(String file, Report report) {
    this.file = file;
    this.report = report;
  }

  static Optional<Tree> read(String file, String text, Report report) {
    TreeReader reader = new TreeReader(file, report);
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(SourceFiles.LARGEST).build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(text).iterator();
      for (int count = 0; events.hasNext() && count < MOST; count++) {
        if (!reader.event(events.next())) {
          break;
        }
      }
      return reader.root;
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      report.error(new Place(file, line), String.valueOf(e.getProblem()));
    } catch (YamlEngineException e) {
      report.error(new Place(file, 1), String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** False if it goes too deep. */
  private boolean event(Event event) {
    Place place = new Place(file, event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
    switch (event.getEventId()) {
      case MappingStart, SequenceStart -> {
        if (open.size() >= DEEPEST) {
          report.error(place, "it is nested too deep");
          root = Optional.empty();
          return false;
        }
        open.push(new Open(place, event.getEventId() == Event.ID.MappingStart));
      }
      case MappingEnd, SequenceEnd -> {
        Tree tree = open.pop().tree();
        add(tree);
      }
      case Scalar -> add(new Tree.Scalar(place, ((ScalarEvent) event).getValue()));
      case Alias -> {
        report.ignored(place, "the alias *" + ((AliasEvent) event).getAlias() + " is not followed");
        add(new Tree.Scalar(place, ""));
      }
      default -> {}
    }
    return true;
  }

  private void add(Tree tree) {
    if (open.isEmpty()) {
      root = root.isEmpty() ? Optional.of(tree) : root;
    } else {
      open.peek().add(tree);
    }
  }

  /** JSON with comments and tabs to YAML; lines stay where they are. */
  static String withoutComments(String json) {
    StringBuilder plain = new StringBuilder(json.length());
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (quoted) {
        quoted = c != '"';
        plain.append(c);
        if (c == '\\' && i + 1 < json.length()) {
          plain.append(json.charAt(++i));
        }
      } else if (json.startsWith("/*", i)) {
        int end = json.indexOf("*/", i + 2);
        int stop = end < 0 ? json.length() : end + 2;
        json.substring(i, stop).chars().forEach(each -> plain.append(each == '\n' ? '\n' : ' '));
        i = stop - 1;
      } else if (json.startsWith("//", i) || c == '#') {
        int end = json.indexOf('\n', i);
        i = (end < 0 ? json.length() : end) - 1;
      } else {
        quoted = c == '"';
        plain.append(c == '\t' ? ' ' : c);
      }
    }
    return plain.toString();
  }
}
