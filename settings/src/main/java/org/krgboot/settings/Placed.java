package org.krgboot.settings;

import java.util.List;

/** A value of the settings with the place where it was written. */
record Placed<T>(String place, T value) {
  static <T> List<T> values(List<Placed<T>> placed) {
    return placed.stream().map(Placed::value).toList();
  }
}
