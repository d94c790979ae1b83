package org.krgboot.importers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a JSON or YAML file says, each part with its place. */
sealed interface Tree {
  Place place();

  /** A value; null is the text "null". */
  record Scalar(Place place, String text) implements Tree {}

  record Sequence(Place place, List<Tree> elements) implements Tree {}

  record Mapping(Place place, Map<String, Tree> entries) implements Tree {}

  /** What stands under that key; empty if there is none. */
  default Optional<Tree> get(String key) {
    return this instanceof Mapping mapping
        ? Optional.ofNullable(mapping.entries().get(key))
        : Optional.empty();
  }

  /** The value under that key. */
  default Optional<Scalar> scalar(String key) {
    return get(key)
        .filter(Scalar.class::isInstance)
        .map(Scalar.class::cast)
        .filter(scalar -> !scalar.text().isEmpty() && !scalar.text().equals("null"));
  }

  /** The elements under that key; none if there is no list. */
  default List<Tree> list(String key) {
    return get(key)
        .map(tree -> tree instanceof Sequence list ? list.elements() : List.of(tree))
        .orElse(List.of());
  }

  /** The entries, none if it is no mapping. */
  default Map<String, Tree> all() {
    return this instanceof Mapping mapping ? mapping.entries() : new LinkedHashMap<>();
  }

  /** The text, or nothing if there is none. */
  static String text(@Nullable Tree tree) {
    return tree instanceof Scalar scalar ? scalar.text() : "";
  }
}
