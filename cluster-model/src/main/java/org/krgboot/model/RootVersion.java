package org.krgboot.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a numbered node root stands in a store: {@code STORE/sealed/7/root}, which never changes,
 * or {@code STORE/live/7}, which nodes write to. Nodes mount it by that path, so that one boot
 * stays with one version whatever is published meanwhile.
 *
 * @param store absolute
 */
public record RootVersion(Path store, Kind kind, int number) {
  /** Whether nodes write to it. */
  public enum Kind {
    SEALED("sealed"),
    LIVE("live");

    private final String directory;

    Kind(String directory) {
      this.directory = directory;
    }

    /** Below the store; exported by itself. */
    public Path in(Path store) {
      return store.resolve(directory);
    }
  }

  private static final Pattern ROOT =
      Pattern.compile(
          "(?<store>/.+)/(sealed/(?<sealed>[1-9][0-9]{0,8})/root|live/(?<live>[1-9][0-9]{0,8}))",
          Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("(sealed|live)-([1-9][0-9]{0,8})");

  public RootVersion {
    if (number < 1) {
      throw new IllegalArgumentException(number + " is not the number of a root");
    }
  }

  /** Reads such a path; empty if it is another. Looks at the name only. */
  public static Optional<RootVersion> of(Path root) {
    Matcher matcher = ROOT.matcher(root.normalize().toString());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean sealed = matcher.group("sealed") != null;
    return Optional.of(
        new RootVersion(
            Path.of(matcher.group("store")),
            sealed ? Kind.SEALED : Kind.LIVE,
            Integer.parseInt(sealed ? matcher.group("sealed") : matcher.group("live"))));
  }

  /** The version that a link leads to at this moment; empty if it is no link to one. */
  public static Optional<RootVersion> behind(Path link) {
    if (!Files.isSymbolicLink(link)) {
      return Optional.empty();
    }
    try {
      return of(link.toRealPath());
    } catch (IOException e) {
      return Optional.empty(); // it leads nowhere
    }
  }

  /** The version of that {@link #tag} in this one's store. */
  public Optional<RootVersion> sibling(String tag) {
    Matcher matcher = TAG.matcher(tag);
    return matcher.matches()
        ? Optional.of(
            new RootVersion(
                store,
                matcher.group(1).equals(Kind.LIVE.directory) ? Kind.LIVE : Kind.SEALED,
                Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** The directory that nodes mount. */
  public Path path() {
    Path numbered = kind.in(store).resolve(Integer.toString(number));
    return switch (kind) {
      case SEALED -> numbered.resolve("root");
      case LIVE -> numbered;
    };
  }

  /** In names of boot files: {@code sealed-7}. */
  public String tag() {
    return kind.directory + "-" + number;
  }
}
