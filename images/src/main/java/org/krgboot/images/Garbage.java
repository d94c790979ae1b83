package org.krgboot.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which images nobody needs. */
public final class Garbage {
  /**
   * Who uses an image.
   *
   * @param number of the image that the node mounted last
   */
  public record Use(String node, int number) {}

  private Garbage() {}

  /**
   * Why each image is kept; those that are not in it can go.
   *
   * @param uses by nodes that are up, or may be
   * @param links names that may lead to an image without having been published here
   * @param newest so many of the newest are kept in any case
   */
  public static Map<Integer, String> kept(
      ImageStore store, List<Use> uses, Set<Path> links, int newest) throws IOException {
    Map<Integer, String> kept = new LinkedHashMap<>();
    List<Integer> numbers =
        store.images().stream().map(Image::number).sorted(Comparator.reverseOrder()).toList();
    for (int number : numbers) {
      Optional<String> reason = reason(store, uses, links, number);
      if (reason.isEmpty() && numbers.indexOf(number) < newest) {
        reason = Optional.of("one of the newest " + newest);
      }
      reason.ifPresent(why -> kept.put(number, why));
    }
    return kept;
  }

  private static Optional<String> reason(
      ImageStore store, List<Use> uses, Set<Path> links, int number) throws IOException {
    Publications publications = store.publications();
    List<String> nodes =
        uses.stream().filter(use -> use.number() == number).map(Use::node).sorted().toList();
    List<String> reasons = new ArrayList<>();
    Set<Path> all = new LinkedHashSet<>(publications.links());
    all.addAll(links);
    for (Path link : all) {
      if (publications.current(link).equals(Optional.of(number))) {
        reasons.add("published as " + link);
      }
      if (publications.previous(link).equals(Optional.of(number))) {
        reasons.add("the one before at " + link);
      }
    }
    if (store.pins().contains(number)) {
      reasons.add("pinned");
    }
    if (!nodes.isEmpty()) {
      reasons.add("used by " + String.join(", ", nodes));
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  /** Removes all others; gives their numbers. */
  public static List<Integer> remove(ImageStore store, Set<Integer> kept) throws IOException {
    List<Integer> removed = new ArrayList<>();
    for (Image image : store.images()) {
      if (!kept.contains(image.number())) {
        store.remove(image.number());
        removed.add(image.number());
      }
    }
    return removed;
  }
}
