package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Matcher;
import org.krgboot.kernel.KernelRecipe.Change;
import org.krgboot.kernel.KernelRecipe.Way;

/** Edits of files as a recipe asks for them: each must find what it is to change. */
final class Editing {
  /** Each octet is one letter, so that what is not touched stays what it is. */
  private static final Charset OCTETS = StandardCharsets.ISO_8859_1;

  private Editing() {}

  static String shown(Change.Edit edit) {
    return switch (edit.way()) {
      case Way.Replace(String text, String with, Optional<Integer> times) ->
          "'" + Names.shown(text) + "' becomes '" + Names.shown(with) + "'" + often(times);
      case Way.Pattern(String pattern, String with, Optional<Integer> times) ->
          "what is like '"
              + Names.shown(pattern)
              + "' becomes '"
              + Names.shown(with)
              + "'"
              + often(times);
      case Way.Append(String text) -> "append " + text.lines().count() + " lines";
      case Way.Create(String text) -> "make it, with " + text.lines().count() + " lines";
      case Way.CopyOf(String from) -> "make it, as a copy of " + from;
      case Way.Remove() -> "remove it";
    };
  }

  private static String often(Optional<Integer> times) {
    return times.map(count -> ", " + count + " times").orElse("");
  }

  /**
   * Edits a file of a tree.
   *
   * @return what is wrong; the file is as it was then
   */
  static Optional<String> apply(Path tree, Change.Edit edit) throws IOException {
    Path file = tree.resolve(edit.file());
    boolean there = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    boolean fresh = edit.way() instanceof Way.Create || edit.way() instanceof Way.CopyOf;
    if (fresh && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of("is there already");
    }
    if (!fresh && !there) {
      return Optional.of("is not in the tree");
    }
    return switch (edit.way()) {
      case Way.Replace(String text, String with, Optional<Integer> times) ->
          replace(
              file,
              java.util.regex.Pattern.quote(octets(text)),
              Matcher.quoteReplacement(octets(with)),
              times);
      case Way.Pattern(String pattern, String with, Optional<Integer> times) ->
          replace(file, octets(pattern), octets(with), times);
      case Way.Append(String text) -> {
        Files.writeString(file, Files.readString(file, OCTETS) + octets(text), OCTETS);
        yield Optional.empty();
      }
      case Way.Create(String text) -> {
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        yield Optional.empty();
      }
      case Way.CopyOf(String from) -> {
        Path of = tree.resolve(from);
        if (!Files.isRegularFile(of, LinkOption.NOFOLLOW_LINKS)) {
          yield Optional.of("cannot be a copy of " + from + ", which is not in the tree");
        }
        Files.createDirectories(file.resolveSibling("."));
        Files.copy(of, file, StandardCopyOption.COPY_ATTRIBUTES);
        yield Optional.empty();
      }
      case Way.Remove() -> {
        Files.delete(file);
        yield Optional.empty();
      }
    };
  }

  private static Optional<String> replace(
      Path file, String pattern, String with, Optional<Integer> times) throws IOException {
    String text = Files.readString(file, OCTETS);
    Matcher matcher =
        java.util.regex.Pattern.compile(pattern, java.util.regex.Pattern.MULTILINE).matcher(text);
    StringBuilder changed = new StringBuilder();
    int found = 0;
    try {
      while (matcher.find()) {
        matcher.appendReplacement(changed, with);
        found++;
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.of("cannot be changed: what it is to become has no sense: " + e.getMessage());
    } catch (StackOverflowError e) {
      return Optional.of("cannot be changed: the pattern is too much for it");
    }
    matcher.appendTail(changed);
    if (found == 0) {
      return Optional.of("does not have what is to be replaced");
    }
    if (times.isPresent() && times.get() != found) {
      return Optional.of("has what is to be replaced " + found + " times, and not " + times.get());
    }
    Files.writeString(file, changed.toString(), OCTETS);
    return Optional.empty();
  }

  private static String octets(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), OCTETS);
  }
}
