package org.krgboot.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.krgboot.steps.Action;
import org.krgboot.steps.Step;
import org.krgboot.steps.Step.Repeat;

/** One thing that a step does; data, so that it can be shown and compared before it is done. */
sealed interface RootAction extends Action {
  /**
   * A program on this machine, with mounts and processes of its own.
   *
   * @param what in a message: "unpacking failed"
   */
  record Run(String what, List<String> command) implements RootAction {}

  /**
   * A program in the root, with mounts and processes of its own.
   *
   * @param input what it reads; not shown
   */
  record InRoot(String what, List<String> command, String input) implements RootAction {
    InRoot(String what, String... command) {
      this(what, List.of(command), "");
    }
  }

  /** Files, links, and files that are not to be. */
  record Write(List<RootFiles.Entry> entries) implements RootAction {}

  /** A file of this machine; {@code to} is relative to the root. */
  record Copy(Path from, String to, String permissions) implements RootAction {
    @Override
    public List<Path> inputs() {
      return List.of(from);
    }
  }

  /** What follows reads that file or directory of this machine. */
  record Reads(Path input) implements RootAction {
    @Override
    public List<Path> inputs() {
      return List.of(input);
    }
  }

  /**
   * Where the root has that file only.
   *
   * @param file relative to the root
   */
  record Where(String file, List<RootAction> actions) implements RootAction {
    @Override
    public List<Path> inputs() {
      return actions.stream().flatMap(action -> action.inputs().stream()).toList();
    }
  }

  /** Text into a file of the build directory, beside the root. */
  record Note(Path file, String text) implements RootAction {}

  /** A container image's layers, one over the other. */
  record Layers(Path image) implements RootAction {}

  /** The password in /etc/shadow; {@code hash} is not shown. */
  record Password(String user, String hash) implements RootAction {}

  /** Whether a node can boot from it. */
  record Verify(Demand demand) implements RootAction {}

  /** What is refused. */
  enum Demand {
    /** A root without kernel, initrd and the files in it that a node needs. */
    STANDARD,
    SMALL,
    /** A root without kernel or init; what else is odd is told. */
    BOOTABLE
  }

  /** What it was made from goes into the root itself. */
  record Describe(Map<String, String> about) implements RootAction {}

  /** A copy of the root as it is, to which a later run can go back. */
  record KeepUndo() implements RootAction {}

  /** Tells a person, one line each. */
  @Override
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
      case Reads(Path input) -> List.of("read " + input);
      case Where(String file, List<RootAction> actions) ->
          Stream.concat(
                  Stream.of("if there is /" + file + ":"),
                  actions.stream().flatMap(action -> action.shown().stream()))
              .toList();
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

  /** A step that writes into the root. */
  static Step<RootAction> edit(String name, String what, RootFiles.Entry... entries) {
    return new Step<>(name, what, Repeat.AGAIN, List.of(new Write(List.of(entries))));
  }

  /** The same step, where the root has that file only. */
  static Step<RootAction> where(String file, Step<RootAction> step) {
    return new Step<>(
        step.name(), step.what(), step.repeat(), List.of(new Where(file, step.actions())));
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
