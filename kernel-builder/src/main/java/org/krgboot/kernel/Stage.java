package org.krgboot.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.krgboot.model.Nearest;

/** The parts of a build. The first word of each step's name says to which one it belongs. */
public enum Stage {
  UNPACK,
  PATCH,
  /** Components that have to come before the kernel's configuration. */
  PREPARE,
  CONFIGURE,
  VERIFY,
  BUILD,
  STAGE,
  INITRAMFS;

  /** As people write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** From what a person wrote. */
  public static Stage parse(String text) {
    List<String> all = Arrays.stream(values()).map(Stage::text).toList();
    return of(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no stage '"
                    + Names.shown(text)
                    + "'"
                    + Nearest.of(text, all)
                        .map(near -> ". Did you mean '" + near + "'?")
                        .orElse("; there are " + String.join(", ", all))));
  }

  private static Optional<Stage> of(String text) {
    return Arrays.stream(values()).filter(stage -> stage.text().equals(text)).findFirst();
  }

  /** That of a step; empty if another version of krgboot has named it. */
  static Optional<Stage> ofStep(String name) {
    return of(name.split(" ", 2)[0]);
  }

  /** Which part of the place its steps change. */
  enum Room {
    SOURCES,
    /** A configuration can be made over another one, as long as nothing was built with that. */
    CONFIG,
    RESULT,
    INITRD
  }

  Room room() {
    return switch (this) {
      case UNPACK, PATCH, PREPARE, BUILD -> Room.SOURCES;
      case CONFIGURE, VERIFY -> Room.CONFIG;
      case STAGE -> Room.RESULT;
      case INITRAMFS -> Room.INITRD;
    };
  }
}
