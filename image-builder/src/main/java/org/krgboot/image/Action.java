package org.krgboot.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One thing that a step does; data, so that it can be shown and compared before it is done. */
sealed interface Action {
  /**
   * A program on this machine, with mounts and processes of its own.
   *
   * @param what in a message: "unpacking failed"
   */
  record Run(String what, List<String> command) implements Action {}

  /**
   * A program in the root, with mounts and processes of its own.
   *
   * @param input what it reads; not shown
   */
  record InRoot(String what, List<String> command, String input) implements Action {
    InRoot(String what, String... command) {
      this(what, List.of(command), "");
    }
  }

  /** Files, links, and files that are not to be. */
  record Write(List<RootFiles.Entry> entries) implements Action {}

  /** A file of this machine; {@code to} is relative to the root. */
  record Copy(Path from, String to, String permissions) implements Action {}

  /** Text into a file of the build directory, beside the root. */
  record Note(Path file, String text) implements Action {}

  /** A container image's layers, one over the other. */
  record Layers(Path image) implements Action {}

  /** The password in /etc/shadow; {@code hash} is not shown. */
  record Password(String user, String hash) implements Action {}

  /** Whether a node can boot from it. */
  record Verify(Demand demand) implements Action {}

  /** What is refused. */
  enum Demand {
    /** A root without kernel, initrd and the files in it that a node needs. */
    STANDARD,
    SMALL,
    /** A root without kernel or init; what else is odd is told. */
    BOOTABLE
  }

  /** What it was made from goes into the root itself. */
  record Describe(Map<String, String> about) implements Action {}

  /** A copy of the root as it is, to which a later run can go back. */
  record KeepUndo() implements Action {}

  /** Tells a person, one line each. */
  default List<String> shown() {
    return switch (this) {
      case Run(_, List<String> command) -> List.of("$ " + words(command));
      case InRoot(_, List<String> command, String input) ->
          List.of(
              "in the root $ "
                  + words(command)
                  + (input.isEmpty() ? "" : "   (reads " + input.lines().count() + " lines)"));
      case Write(List<RootFiles.Entry> entries) ->
          entries.stream().map(RootFiles.Entry::shown).toList();
      case Copy(Path from, String to, String permissions) ->
          List.of("copy " + from + " to /" + to + " (" + permissions + ")");
      case Note(Path file, String text) ->
          List.of("write " + file + " (" + text.lines().count() + " lines)");
      case Layers(Path image) ->
          List.of("unpack each layer of " + image + " over those below it: $ tar --extract ...");
      case Password(String user, _) -> List.of("set the password of " + user + " in /etc/shadow");
      case Verify(Demand demand) ->
          List.of(
              switch (demand) {
                case STANDARD, SMALL -> "look for kernel, initrd, its drivers, and init";
                case BOOTABLE -> "look for kernel and init; tell what else is odd";
              });
      case Describe _ -> List.of("write /" + Manifest.PATH);
      case KeepUndo _ -> List.of("$ cp -a --reflink=auto root undo");
    };
  }

  private static String words(List<String> command) {
    return command.stream()
        .map(word -> word.matches("[A-Za-z0-9/._+,:=@%^-]+") ? word : quoted(word))
        .collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    String first = word.strip().lines().findFirst().orElse("");
    return Bootstrap.quoted(first.length() < word.strip().length() ? first + " ..." : first);
  }
}
