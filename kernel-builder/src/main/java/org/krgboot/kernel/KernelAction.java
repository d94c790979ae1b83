package org.krgboot.kernel;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.krgboot.kernel.KernelRecipe.Change;
import org.krgboot.kernel.KernelRecipe.Compiler;
import org.krgboot.kernel.KernelRecipe.Configuration;
import org.krgboot.steps.Action;

/** One thing that a step of a kernel's build does. */
sealed interface KernelAction extends Action {
  /** In words: how many processes make may run; no part of what decides a build. */
  String JOBS = "@JOBS@";

  /** In words: the kernel's release, which its tree tells when it is built. */
  String RELEASE = "@RELEASE@";

  /** Where a program runs. */
  enum Where {
    MACHINE,
    /** In the recipe's chroot, if it has one. */
    WITH_COMPILER
  }

  /** What is made of a program's lines. */
  enum Watch {
    LOG_ONLY,
    /** Files are counted, and the first error of the compiler is kept. */
    COMPILING
  }

  /**
   * A program.
   *
   * @param what in a message: "unpacking failed"
   * @param environment beside that of all programs of the build
   */
  record Run(
      String what,
      Path in,
      List<String> words,
      Map<String, String> environment,
      Where where,
      Watch watch)
      implements KernelAction {}

  /** What follows reads that file or directory. */
  record Reads(Path input) implements KernelAction {
    @Override
    public List<Path> inputs() {
      return List.of(input);
    }
  }

  /** A file must be what the recipe says; for one with a URL it is fetched first. */
  record Sound(Path file, Optional<String> url, String sha256) implements KernelAction {}

  /**
   * What compiles; does nothing, and decides much.
   *
   * @param versions what the tools say of themselves
   */
  record Toolchain(List<String> versions, Compiler compiler, List<KernelAge.Flag> flags)
      implements KernelAction {
    @Override
    public List<Path> inputs() {
      return compiler.chroot().isPresent()
          ? compiler.wrapper().stream().toList()
          : compiler.files();
    }
  }

  /** A tree must be of that version. */
  record Version(Path tree, KernelVersion version) implements KernelAction {}

  /** Decides the date of what is built; that of the first tree unless one is given. */
  record Date(Path tree, Optional<Instant> given) implements KernelAction {}

  /** All changes, on copies of the files that they change. */
  record Trial(List<Change> changes) implements KernelAction {}

  record Edit(Change.Edit edit) implements KernelAction {}

  /** A file of this machine into the staged root. */
  record Place(Path from, String path, String permissions) implements KernelAction {
    @Override
    public List<Path> inputs() {
      return List.of(from);
    }
  }

  /** A file of this machine; {@code to} is gone before. */
  record Copy(Path from, Path to) implements KernelAction {
    @Override
    public List<Path> inputs() {
      return List.of(from);
    }
  }

  /** Keeps the .config that a tree came with, so that another configuration begins with it too. */
  record KeepConfig(Path tree) implements KernelAction {}

  /** Puts what was asked for into .config. */
  record Merge(Path tree, List<Config.Request> requests) implements KernelAction {}

  /** Compares .config with all that was asked for. */
  record Check(Path tree, KernelVersion version, Configuration config) implements KernelAction {}

  /** Only where .config has modules. */
  record IfModules(Path tree, List<KernelAction> actions) implements KernelAction {}

  /** Kernel, configuration and symbols into the result. */
  record Image(Path tree, Optional<String> image) implements KernelAction {}

  /** A file of the staged root; a directory if its name ends so. */
  record Write(String path, String text, String permissions) implements KernelAction {}

  /** Links of the staged root that lead out of it. */
  record Mend() implements KernelAction {}

  @Override
  default List<String> shown() {
    return switch (this) {
      case Run run ->
          List.of(
              run.environment().entrySet().stream()
                      .map(each -> each.getKey() + "=" + each.getValue() + " ")
                      .collect(Collectors.joining("", "$ ", ""))
                  + words(run.words()));
      case Reads(Path input) -> List.of("read " + input);
      case Sound(Path file, Optional<String> url, String sha256) ->
          List.of(
              url.map(each -> "fetch " + each + " into " + file + ", unless it is there; ")
                      .orElse("")
                  + "see that "
                  + file
                  + " has the SHA-256 "
                  + sha256);
      case Toolchain(List<String> versions, _, _) ->
          versions.stream().map(v -> "with " + v).toList();
      case Version(Path tree, KernelVersion version) ->
          List.of("see that " + tree + " is Linux " + version);
      case Date(Path tree, Optional<Instant> given) ->
          List.of(
              "date what is built "
                  + given.map(Instant::toString).orElse("as the newest file of " + tree));
      case Trial(List<Change> changes) ->
          List.of("try all " + changes.size() + " changes on copies of the files first");
      case Edit(Change.Edit edit) -> List.of("edit " + edit.file() + ": " + Editing.shown(edit));
      case Place(Path from, String path, _) -> List.of("copy " + from + " to /" + path);
      case Copy(Path from, Path to) -> List.of("copy " + from + " to " + to);
      case KeepConfig(Path tree) -> List.of("keep the .config that " + tree + " has, if any");
      case Merge(Path tree, List<Config.Request> requests) -> merged(tree, requests);
      case Check check -> checked(check);
      case IfModules(_, List<KernelAction> actions) -> {
        List<String> lines = new ArrayList<>(List.of("if the configuration has modules:"));
        actions.forEach(each -> lines.addAll(each.shown()));
        yield lines;
      }
      case Image(Path tree, Optional<String> image) ->
          List.of(
              "copy "
                  + image.orElse("arch/.../boot/bzImage")
                  + ", System.map and .config of "
                  + tree
                  + "; never call installkernel");
      case Write(String path, String text, _) ->
          List.of("write /" + path + " (" + text.lines().count() + " lines)");
      case Mend _ -> List.of("mend or remove links that lead out of the staged root");
    };
  }

  private static List<String> merged(Path tree, List<Config.Request> requests) {
    List<String> lines = new ArrayList<>();
    lines.add("put " + requests.size() + " options into " + tree.resolve(".config"));
    Config.last(requests)
        .forEach(each -> lines.add("    " + each.option().line() + "   (" + each.from() + ")"));
    return lines;
  }

  private static List<String> checked(Check check) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "compare all "
            + check.config().requests().size()
            + " options that were asked for with .config; it must have:");
    for (Demand demand : check.config().check().demands(check.version())) {
      lines.add("    " + demand.wanted() + "   (" + demand.why() + ")");
    }
    return lines;
  }

  private static String words(List<String> words) {
    return words.stream()
        .map(word -> word.matches("[A-Za-z0-9/._+,:=@%^-]+") ? word : quoted(word))
        .collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    List<String> lines = word.strip().lines().toList();
    return "'" + String.join("; ", lines).replace("'", "'\\''") + "'";
  }
}
