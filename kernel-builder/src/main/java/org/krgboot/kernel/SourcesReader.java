package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.krgboot.kernel.KernelRecipe.Origin;
import org.krgboot.kernel.KernelRecipe.Source;
import org.krgboot.steps.RecipeFile;
import org.krgboot.steps.RecipeTable;

/** Reads {@code [[source]]}. */
record SourcesReader(RecipeFile file) {
  private static final Set<String> OF_TAR = Set.of("tar", "url", "sha256", "strip");
  private static final Set<String> OF_GIT = Set.of("git", "commit");

  Source read(RecipeTable table) {
    table.allow(Set.of("name", "tar", "url", "sha256", "strip", "git", "commit", "directory"));
    String name = table.get("name", Names::word).orElse("linux");
    boolean tar = table.has("tar") || table.has("url");
    long kinds = Stream.of(tar, table.has("git"), table.has("directory")).filter(b -> b).count();
    if (kinds != 1) {
      table.problem(
          "name", "[[source]] has one of tar (or url), git and directory: where the tree is");
      return new Source(name, new Origin.Directory(file.directory()));
    }
    if (tar) {
      only(table, OF_TAR);
      return new Source(name, tar(table));
    }
    if (table.has("git")) {
      only(table, OF_GIT);
      return new Source(name, git(table));
    }
    only(table, Set.of());
    Path from = table.get("directory", file::readable).orElse(file.directory());
    return new Source(name, new Origin.Directory(from));
  }

  private static void only(RecipeTable table, Set<String> keys) {
    for (String key : List.of("url", "sha256", "strip", "commit")) {
      if (table.has(key) && !keys.contains(key)) {
        table.problem(key, key + " says nothing of a source of that kind");
      }
    }
  }

  private Origin tar(RecipeTable table) {
    Optional<String> sha256 = table.get("sha256", SourcesReader::sha256);
    Optional<String> url = table.get("url", SourcesReader::url);
    if (url.isPresent() && !table.has("sha256")) {
      table.problem(
          "url",
          "a source with a url needs its sha256 too: what comes over the network is"
              + " compared with it");
    }
    Optional<Path> own = table.get("tar", url.isPresent() ? file::path : file::readable);
    Path path =
        own.filter(each -> url.isEmpty() || Files.isReadable(each))
            .orElseGet(() -> Downloads.place().resolve(sha256.orElse("unknown")));
    int strip = table.get("strip", text -> Names.number(text, 0, 20)).orElse(1);
    return new Origin.Tar(path, url, sha256, strip);
  }

  private Origin git(RecipeTable table) {
    String repository = table.get("git", Names::line).orElse("");
    String commit = table.get("commit", SourcesReader::commit).orElse("");
    if (commit.isEmpty()) {
      table.must("commit");
    }
    if (repository.startsWith("-")) {
      table.problem("git", "git: '" + Names.shown(repository) + "' is no repository");
    }
    if (repository.matches("[a-z]+://.*|[A-Za-z0-9._-]+@.*:.*")) {
      return new Origin.Git(repository, commit, Optional.of(Downloads.mirror(repository)));
    }
    Optional<Path> directory = table.get("git", file::readable);
    return new Origin.Git(
        directory.map(Path::toString).orElse(repository), commit, Optional.empty());
  }

  private static String sha256(String text) {
    if (!text.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "'" + Names.shown(text) + "' is no SHA-256; it is what sha256sum FILE prints");
    }
    return text;
  }

  private static String url(String text) {
    if (!text.matches("https?://[!-~]{1,1000}")) {
      throw new IllegalArgumentException(
          "'" + Names.shown(text) + "' is no URL; write it as https://HOST/FILE");
    }
    return text;
  }

  private static String commit(String text) {
    if (!text.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "'" + Names.shown(text) + "' is no commit; write all of it: git rev-parse NAME tells it");
    }
    return text;
  }

  /** What the first source that tells it says. */
  Optional<KernelVersion> version(List<Source> sources) {
    return sources.stream().flatMap(source -> version(source.origin()).stream()).findFirst();
  }

  private static Optional<KernelVersion> version(Origin origin) {
    return switch (origin) {
      case Origin.Tar(Path file, Optional<String> url, _, _) ->
          KernelVersion.inName(url.map(SourcesReader::last).orElse("" + file.getFileName()));
      case Origin.Git _ -> Optional.empty();
      case Origin.Directory(Path from) -> inMakefile(from.resolve("Makefile"));
    };
  }

  private static String last(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  static Optional<KernelVersion> inMakefile(Path makefile) {
    try {
      return Files.isRegularFile(makefile)
          ? KernelVersion.inMakefile(Files.readAllLines(makefile, StandardCharsets.ISO_8859_1))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
