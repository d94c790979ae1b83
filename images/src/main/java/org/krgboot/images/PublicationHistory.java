package org.krgboot.images;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What was published, oldest first. Each entry is written before its link is switched, so the last
 * one may be of a switch that never came.
 */
record PublicationHistory(List<Entry> entries) {
  static final PublicationHistory NONE = new PublicationHistory(List.of());

  /** Whether it was published, or gone back to. */
  enum Turn {
    FORTH(""),
    BACK("back:");

    private final String mark;

    Turn(String mark) {
      this.mark = mark;
    }
  }

  /** One publication. */
  record Entry(Instant at, Turn turn, int number, Path link) {
    private String line() {
      return at + " " + turn.mark + number + " " + link;
    }

    private static Optional<Entry> parse(String line) {
      String[] words = line.split(" ", 3);
      if (words.length != 3 || !words[1].matches("(back:)?[1-9][0-9]{0,8}")) {
        return Optional.empty();
      }
      Turn turn = words[1].startsWith(Turn.BACK.mark) ? Turn.BACK : Turn.FORTH;
      int number = Integer.parseInt(words[1].substring(turn.mark.length()));
      try {
        return Optional.of(new Entry(Instant.parse(words[0]), turn, number, Path.of(words[2])));
      } catch (DateTimeException | InvalidPathException e) {
        return Optional.empty();
      }
    }
  }

  /** Lines that make no sense are left out: they decide about nothing but a rollback. */
  static PublicationHistory parse(String text) {
    List<Entry> entries = new ArrayList<>();
    text.lines().forEach(line -> Entry.parse(line).ifPresent(entries::add));
    return new PublicationHistory(List.copyOf(entries));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append(entry.line()).append('\n'));
    return text.toString();
  }

  PublicationHistory with(Entry entry) {
    List<Entry> more = new ArrayList<>(entries);
    more.add(entry);
    return new PublicationHistory(List.copyOf(more));
  }

  /** All names under which something was published. */
  List<Path> links() {
    return entries.stream().map(Entry::link).distinct().toList();
  }

  /**
   * What a rollback goes to. After a rollback that is what stood before the older one, never again
   * the newer one.
   *
   * @param now what is behind the link, whatever is written here
   * @param exists whether an image is still there
   */
  Optional<Integer> before(Path link, Optional<Integer> now, IntPredicate exists) {
    Deque<Integer> stack = new ArrayDeque<>();
    for (Entry entry : entries) {
      if (entry.link().equals(link)) {
        take(stack, entry);
      }
    }
    if (now.isPresent() && stack.contains(now.get())) {
      while (!now.get().equals(stack.peek())) {
        stack.pop(); // a switch that never came
      }
    }
    return stack.stream()
        .filter(number -> !now.equals(Optional.of(number)) && exists.test(number))
        .findFirst();
  }

  /** When a number stopped to be what is behind some link; empty if it never did. */
  Optional<Instant> replacedAt(int number) {
    Map<Path, Integer> standing = new HashMap<>();
    Optional<Instant> last = Optional.empty();
    for (Entry entry : entries) {
      Integer was = standing.put(entry.link(), entry.number());
      if (was != null && was == number && entry.number() != number) {
        last = Optional.of(entry.at());
      }
    }
    return last;
  }

  private static void take(Deque<Integer> stack, Entry entry) {
    if (entry.turn() == Turn.BACK && stack.contains(entry.number())) {
      while (stack.element() != entry.number()) {
        stack.pop();
      }
    } else if (stack.isEmpty() || stack.element() != entry.number()) {
      stack.push(entry.number());
    }
  }
}
