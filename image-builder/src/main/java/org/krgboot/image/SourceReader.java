package org.krgboot.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.krgboot.model.Nearest;
import org.krgboot.steps.RecipeFile;
import org.krgboot.steps.RecipeTable;

/** Reads of {@code [root]} what the root is made from. */
record SourceReader(RecipeTable root, RecipeFile file, String defaultSuite) {
  private static final Set<String> OF_DEBIAN = Set.of("suite", "mirror", "size");
  private static final Set<String> OF_TAR = Set.of("from", "strip");
  private static final Set<String> OF_FROM = Set.of("from");
  private static final Set<String> OF_HOST = Set.of("host", "exclude", "also");

  Source read() {
    String kind = root.text("source").orElse("debian");
    return switch (kind) {
      case "debian" -> {
        only(kind, OF_DEBIAN);
        yield new Source.Debian(
            root.get("suite", SourceReader::suite).orElse(defaultSuite),
            root.get("mirror", SourceReader::mirror),
            root.get("size", SourceReader::size).orElse(RootRecipe.Size.STANDARD));
      }
      case "directory" -> new Source.Directory(from(kind, OF_FROM));
      case "tar" ->
          new Source.Tar(
              from(kind, OF_TAR),
              root.get("strip", text -> RecipeReader.number(text, 20)).orElse(0));
      case "oci" -> new Source.Oci(from(kind, OF_FROM));
      case "squashfs" -> new Source.Squashfs(from(kind, OF_FROM));
      case "host" -> {
        only(kind, OF_HOST);
        yield new Source.Host(
            root.get("host", SourceReader::host).filter(host -> !host.equals("local")),
            root.list("exclude", SourceReader::absolute),
            root.list("also", text -> Path.of(absolute(text))));
      }
      default -> {
        List<String> known = RecipeReader.sources();
        root.problem(
            "source",
            "there is no source '"
                + kind
                + "'"
                + Nearest.of(kind, known)
                    .map(near -> ". Did you mean '" + near + "'?")
                    .orElse("; there are " + String.join(", ", known)));
        yield new Source.Directory(file.directory());
      }
    };
  }

  private void only(String kind, Set<String> keys) {
    for (Set<String> others : List.of(OF_DEBIAN, OF_TAR, OF_HOST)) {
      for (String key : others) {
        if (!keys.contains(key) && root.has(key)) {
          root.problem(key, key + " says nothing where source is \"" + kind + "\"");
        }
      }
    }
  }

  private Path from(String kind, Set<String> keys) {
    only(kind, keys);
    String text = root.must("from");
    Path path = root.get("from", file::path).orElse(file.directory());
    if (!text.isEmpty() && !Files.isReadable(path)) {
      root.problem("from", "from: " + path + " cannot be read");
    }
    return path;
  }

  private static String suite(String text) {
    if (!text.matches("[a-z][a-z0-9.-]*")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not the name of a Debian release; write it as bookworm");
    }
    return text;
  }

  private static String mirror(String text) {
    if (!text.matches("(https?|file|ftp)://[^\\s\\[\\]]+")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a mirror; write it as http://HOST/debian");
    }
    return text;
  }

  private static RootRecipe.Size size(String text) {
    return switch (text) {
      case "standard" -> RootRecipe.Size.STANDARD;
      case "small" -> RootRecipe.Size.SMALL;
      default -> throw new IllegalArgumentException("'" + text + "' is neither standard nor small");
    };
  }

  private static String host(String text) {
    if (!text.matches("([A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.:-]*")) {
      throw new IllegalArgumentException(
          "'" + text + "' is no host; write it as root@golden, or local for this machine");
    }
    return text;
  }

  private static String absolute(String text) {
    if (!text.matches("/[^\\p{Cntrl}]*")) {
      throw new IllegalArgumentException("'" + text + "' is no absolute path");
    }
    return text;
  }
}
