package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.krgboot.kernel.KernelAction.Watch;
import org.krgboot.kernel.Stage.Room;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.BuildSession;
import org.krgboot.steps.Command;
import org.krgboot.steps.Remedy;
import org.krgboot.steps.Sha256;
import org.krgboot.steps.Step;
import org.krgboot.steps.UndoneSteps;
import org.krgboot.steps.Workplace;

/** Does in a kernel's place what actions say. */
final class KernelWork implements Workplace<KernelAction> {
  private static final String COUNT = "== files made: ";
  private static final List<String> IMAGES =
      List.of("arch/x86/boot/bzImage", "arch/x86_64/boot/bzImage", "arch/i386/boot/bzImage");

  private final KernelPlace place;
  private final KernelStates states;
  private final BuildSession session;
  private final Surroundings surroundings;
  private final Remedy remedy;
  private final int jobs;
  private final BuildProgress progress;

  KernelWork(
      KernelPlace place,
      BuildSession session,
      Surroundings surroundings,
      Remedy remedy,
      int jobs,
      BuildProgress progress) {
    this.place = place;
    this.states = new KernelStates(place);
    this.session = session;
    this.surroundings = surroundings;
    this.remedy = remedy;
    this.jobs = jobs;
    this.progress = progress;
  }

  @Override
  public boolean isThere() {
    return states.isThere();
  }

  @Override
  public int lastState(List<Step<KernelAction>> steps, int good, UndoneSteps undone) {
    return states.lastState(steps, good, undone);
  }

  @Override
  public void bringBack(List<Step<KernelAction>> steps, int to) throws IOException {
    Set<Room> again = EnumSet.noneOf(Room.class);
    for (int i = 0; i < to; i++) {
      again.add(KernelStates.room(steps.get(i).name()));
    }
    if (!again.contains(Room.SOURCES)) {
      session.remove(place.sources());
      session.remove(place.date());
      Files.createDirectories(place.sources());
    }
    if (!again.contains(Room.CONFIG)) {
      giveBackConfig(place.source(surroundings.recipe().kernel().tree()));
    }
    if (!again.contains(Room.RESULT)) {
      session.remove(place.fresh());
    }
    if (!again.contains(Room.INITRD)) {
      session.remove(place.fresh().resolve("initrd.img"));
    }
  }

  /** Whole or not at all: a build that is stopped in here does not take a part for it. */
  private void keepConfig(Path tree) throws IOException {
    Path fresh = place.treeConfig().resolveSibling(".config-of-the-tree.new");
    session.remove(fresh);
    Files.createDirectory(fresh);
    if (Files.exists(tree.resolve(".config"))) {
      Files.copy(tree.resolve(".config"), fresh.resolve("config"));
    }
    session.remove(place.treeConfig());
    Files.move(fresh, place.treeConfig(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** What a source or a component had put there, and not what an earlier recipe made of it. */
  private void giveBackConfig(Path tree) throws IOException {
    if (!Files.exists(place.treeConfig())) {
      return;
    }
    Path kept = place.treeConfig().resolve("config");
    if (Files.exists(kept)) {
      Files.copy(kept, tree.resolve(".config"), StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.deleteIfExists(tree.resolve(".config"));
    }
    session.remove(place.treeConfig());
  }

  @Override
  public void run(KernelAction action) throws IOException, BuildFailedException {
    switch (action) {
      case KernelAction.Run run -> program(run);
      case KernelAction.Reads _, KernelAction.Toolchain _ -> {}
      case KernelAction.Sound(Path file, Optional<String> url, String sha256) ->
          sound(file, url, sha256);
      case KernelAction.Version(Path tree, KernelVersion version) -> version(tree, version);
      case KernelAction.Date(Path tree, Optional<Instant> given) -> date(tree, given);
      case KernelAction.Trial(List<KernelRecipe.Change> changes) -> trial(changes);
      case KernelAction.Edit(KernelRecipe.Change.Edit edit) -> {
        Optional<String> fault = Editing.apply(place.source(edit.tree()), edit);
        if (fault.isPresent()) {
          throw new IOException(edit.from() + ": " + edit.file() + " " + fault.get());
        }
      }
      case KernelAction.Copy(Path from, Path to) ->
          Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
      case KernelAction.KeepConfig(Path tree) -> keepConfig(tree);
      case KernelAction.Merge(Path tree, List<Config.Request> requests) -> merge(tree, requests);
      case KernelAction.Check check -> check(check);
      case KernelAction.IfModules(Path tree, List<KernelAction> actions) -> {
        if (config(tree).get("MODULES").equals("y")) {
          for (KernelAction each : actions) {
            run(each);
          }
        }
      }
      case KernelAction.Image(Path tree, Optional<String> image) -> image(tree, image);
      case KernelAction.Write(String path, String text, String permissions) ->
          write(path, text.getBytes(StandardCharsets.UTF_8), permissions);
      case KernelAction.Place(Path from, String path, String permissions) ->
          write(path, Files.readAllBytes(from), permissions);
      case KernelAction.Mend _ ->
          new StagedTree(place.stage(), place.path()).mend().forEach(progress::note);
    }
  }

  private void program(KernelAction.Run run) throws IOException, BuildFailedException {
    BuildWatch watch =
        new BuildWatch(run.watch() == Watch.COMPILING ? lastCount() : Optional.empty());
    String release = KernelTree.release(run.in()).orElse("");
    Command.Ended ended =
        session
            .command()
            .run(
                surroundings.around(run, jobs, release),
                "",
                line -> {
                  if (run.watch() == Watch.COMPILING) {
                    watch.line(line, System.nanoTime()).ifPresent(progress::note);
                  }
                });
    if (run.watch() == Watch.COMPILING && ended.status() != 0 && !watch.firstError().isEmpty()) {
      throw new BuildFailedException(
          run.what()
              + " failed. The first error is:\n  "
              + String.join("\n  ", watch.firstError())
              + "\n"
              + remedy.of(
                  Stream.concat(watch.firstError().stream(), ended.lastLines().stream()).toList())
              + "All of it is in "
              + place.build().log());
    }
    session.command().check(run.what(), ended);
    if (run.watch() == Watch.COMPILING && run.words().contains("bzImage")) {
      session.command().log(COUNT + watch.count());
    }
  }

  /** Of the last whole build of this kernel. */
  private Optional<Integer> lastCount() throws IOException {
    try (Stream<String> lines = Files.lines(place.build().log(), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(COUNT))
          .map(line -> Integer.parseInt(line.substring(COUNT.length())))
          .reduce((_, last) -> last);
    }
  }

  private void sound(Path file, Optional<String> url, String sha256)
      throws IOException, BuildFailedException {
    if (url.isPresent() && !Files.exists(file)) {
      progress.note("fetching " + url.get());
      Downloads.fetch(url.get(), file, sha256, Downloads.Limits.USUAL);
    }
    String is = Sha256.of(file);
    if (!is.equals(sha256)) {
      throw new BuildFailedException(
          file
              + " is not what the recipe names: its SHA-256 is "
              + is
              + ", not "
              + sha256
              + "; get it again, or mend the recipe");
    }
  }

  private static void version(Path tree, KernelVersion version)
      throws IOException, BuildFailedException {
    Optional<KernelVersion> is = SourcesReader.inMakefile(tree.resolve("Makefile"));
    if (is.isEmpty()) {
      throw new BuildFailedException(
          tree + " is no kernel's tree: its Makefile tells no version; see tree = in [kernel]");
    }
    if (!version.means(is.get())) {
      throw new BuildFailedException(
          tree + " is Linux " + is.get() + " and not " + version + "; see version = in [kernel]");
    }
  }

  /** The newest file at the top of a tree is as old as its release. */
  private void date(Path tree, Optional<Instant> given) throws IOException {
    Instant date = given.orElse(Instant.EPOCH);
    if (given.isEmpty()) {
      try (Stream<Path> top = Files.list(tree)) {
        for (Path path : top.filter(each -> Files.isRegularFile(each)).toList()) {
          Instant of = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
          date = of.isAfter(date) ? of : date;
        }
      }
    }
    Files.writeString(place.date(), date.getEpochSecond() + "\n");
  }

  private void trial(List<KernelRecipe.Change> changes) throws IOException, BuildFailedException {
    session.remove(place.trial());
    Files.createDirectory(place.trial());
    Trial trial =
        new Trial(
            place.sources(),
            place.trial(),
            (patch, directory) -> {
              List<String> lines = new ArrayList<>();
              List<String> words = KernelSteps.patchWords(patch, directory);
              int status = session.command().run(words, "", lines::add).status();
              return new Trial.Outcome(status, lines);
            });
    trial.run(changes).forEach(progress::note);
    session.remove(place.trial());
  }

  private static Config config(Path tree) throws IOException {
    return Config.parse(Files.readAllLines(tree.resolve(".config"), StandardCharsets.ISO_8859_1));
  }

  private static void merge(Path tree, List<Config.Request> requests) throws IOException {
    Config merged = config(tree).with(requests);
    Files.writeString(tree.resolve(".config"), merged.text(), StandardCharsets.ISO_8859_1);
  }

  private void check(KernelAction.Check check) throws IOException, BuildFailedException {
    Config result = config(check.tree());
    ConfigCheck wanted = check.config().check();
    List<String> faults = wanted.faults(result, check.version(), check.tree());
    if (!faults.isEmpty()) {
      List<String> lines = wanted.wanted(result, check.version());
      throw new BuildFailedException(
          "the configuration is not what was asked for:\n  "
              + String.join("\n  ", faults)
              + (lines.isEmpty()
                  ? ""
                  : "\nThese lines in [config] ask for what is missing:\n  "
                      + String.join("\n  ", lines))
              + "\nThe whole configuration is "
              + check.tree().resolve(".config"));
    }
    if (check.config().presets().stream().anyMatch(Preset::needsBuiltInDriver)
        && check.config().cards().isEmpty()) {
      progress.note("no network card was asked for: name your nodes' with nics = in [config]");
    }
  }

  private void image(Path tree, Optional<String> image) throws IOException, BuildFailedException {
    Files.createDirectories(place.stage());
    Path found =
        image.stream()
            .map(tree::resolve)
            .findFirst()
            .or(() -> IMAGES.stream().map(tree::resolve).filter(Files::isRegularFile).findFirst())
            .filter(Files::isRegularFile)
            .orElseThrow(() ->
                new BuildFailedException(
                    "there is no kernel in "
                        + tree
                        + ": looked for "
                        + image.orElse(String.join(", ", IMAGES))
                        + "; see image = in [kernel]"));
    copy(found, "vmlinuz");
    copy(tree.resolve("System.map"), "System.map");
    copy(tree.resolve(".config"), "config");
  }

  private void copy(Path from, String name) throws IOException {
    Path to = place.fresh().resolve(name);
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private void write(String name, byte[] content, String permissions) throws IOException {
    Path path = place.stage().resolve(name);
    if (name.endsWith("/")) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.resolveSibling("."));
    Files.deleteIfExists(path);
    Files.write(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
