package org.krgboot.images;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
   * @param newest so many of the newest are kept in any case
   */
  public static Map<Integer, String> kept(ImageStore store, List<Use> uses, int newest)
      throws IOException {
    Map<Integer, String> kept = new LinkedHashMap<>();
    Set<Integer> pins = store.pins();
    List<Integer> numbers =
        store.images().stream().map(Image::number).sorted(Comparator.reverseOrder()).toList();
    for (int number : numbers) {
      Optional<String> reason = reason(store, uses, pins, number);
      if (reason.isEmpty() && numbers.indexOf(number) < newest) {
        reason = Optional.of("one of the newest " + newest);
      }
      reason.ifPresent(why -> kept.put(number, why));
    }
    return kept;
  }

  private static Optional<String> reason(
      ImageStore store, List<Use> uses, Set<Integer> pins, int number) throws IOException {
    List<String> nodes =
        uses.stream().filter(use -> use.number() == number).map(Use::node).sorted().toList();
    List<String> reasons = new ArrayList<>();
    for (var link : store.publications().linksTo(number)) {
      reasons.add("published as " + link);
    }
    for (var link : store.publications().links()) {
      if (store.publications().previous(link).equals(Optional.of(number))) {
        reasons.add("the one before at " + link);
        break;
      }
    }
    if (pins.contains(number)) {
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
