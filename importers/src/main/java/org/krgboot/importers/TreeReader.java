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

/** Reads YAML 1.2, of which JSON is a part, without recursion, to a depth that people write. */
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

    boolean isRepeated(Tree tree) {
      return key.isPresent()
          && entries.containsKey(key.get())
          && !tree.equals(entries.get(key.get()));
    }

    Tree tree() {
      return mapping
          ? new Tree.Mapping(place, Collections.unmodifiableMap(entries))
          : new Tree.Sequence(place, List.copyOf(elements));
    }
  }

  private final List<Place> lines;
  private final Report report;
  private final Deque<Open> open = new ArrayDeque<>();
  private Optional<Tree> root = Optional.empty();

  private TreeReader(List<Place> lines, Report report) {
    this.lines = lines;
    this.report = report;
  }

  static Optional<Tree> read(String file, String text, Report report) {
    List<Place> lines = Lines.of(file, text).stream().map(Lines.Line::place).toList();
    return read(text, lines, report);
  }

  /**
   * Reads a text.
   *
   * @param lines where each line of the text comes from
   */
  static Optional<Tree> read(String text, List<Place> lines, Report report) {
    TreeReader reader = new TreeReader(lines, report);
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(4 * SourceFiles.LARGEST).build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(text).iterator();
      for (int count = 0; events.hasNext() && count < MOST; count++) {
        if (!reader.event(events.next())) {
          break;
        }
      }
      return reader.root;
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine()).orElse(0);
      report.error(reader.place(line), String.valueOf(e.getProblem()));
    } catch (YamlEngineException e) {
      report.error(reader.place(0), String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private Place place(int line) {
    return lines.get(Math.clamp(line, 0, lines.size() - 1));
  }

  /** False if it goes too deep. */
  private boolean event(Event event) {
    Place place = place(event.getStartMark().map(mark -> mark.getLine()).orElse(0));
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
      Open around = open.peek();
      if (around.mapping && around.isRepeated(tree)) {
        report.conflict(
            tree.place(), "'" + around.key.orElse("") + "' is there twice; the first one holds");
      }
      around.add(tree);
    }
  }
}
