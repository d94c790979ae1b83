package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.BuildSession;
import org.krgboot.steps.Command;
import org.krgboot.steps.RootPath;
import org.krgboot.steps.Step;
import org.krgboot.steps.UndoneSteps;
import org.krgboot.steps.Workplace;

/** Does in a root what actions say. */
final class RootWork implements Workplace<RootAction> {
  private static final String UNDO = "undo-point";

  private final RootDirectory directory;
  private final BuildSession session;
  private final Command command;
  private final BuildProgress progress;

  RootWork(RootDirectory directory, BuildSession session, BuildProgress progress) {
    this.directory = directory;
    this.session = session;
    this.command = session.command();
    this.progress = progress;
  }

  @Override
  public boolean isThere() {
    return Files.isDirectory(directory.root());
  }

  /** The copy that was kept, if that step is done; else an empty place. */
  @Override
  public int lastState(List<Step<RootAction>> steps, int good, UndoneSteps undone) {
    int undo = undo(steps);
    return undo >= 0 && good > undo ? undo + 1 : 0;
  }

  @Override
  public void bringBack(List<Step<RootAction>> steps, int to)
      throws IOException, BuildFailedException {
    session.remove(directory.root());
    if (to > 0) {
      copy(directory.undo(), directory.root());
    } else {
      session.remove(directory.undo());
      session.remove(directory.early());
    }
  }

  private static int undo(List<Step<RootAction>> steps) {
    return steps.stream().map(Step::name).toList().indexOf(UNDO);
  }

  @Override
  public void run(RootAction action) throws IOException, BuildFailedException {
    RootWriter writer = new RootWriter(directory.root());
    switch (action) {
      case RootAction.Run(String what, List<String> program) ->
          command.check(what, command.run(directory.chroot().apart(program), "", this::progressOf));
      case RootAction.InRoot(String what, List<String> program, String input) ->
          command.check(what, command.run(inRoot(program), input, this::progressOf));
      case RootAction.Write(List<RootFiles.Entry> entries) -> writer.write(entries);
      case RootAction.Copy(Path from, String to, String permissions) ->
          writer.copy(from, to, permissions);
      case RootAction.Note(Path file, String text) -> {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
      }
      case RootAction.Layers(Path image) -> layers(image);
      case RootAction.Password(String user, String hash) -> writer.password(user, hash);
      case RootAction.Verify(RootAction.Demand demand) -> verify(demand);
      case RootAction.Describe(var lines) ->
          writer.write(
              List.of(
                  new RootFiles.Entry.File(
                      Manifest.PATH,
                      new Manifest(lines).withKernel(newestKernel()).text(),
                      "rw-r--r--")));
      case RootAction.KeepUndo _ -> keepUndo();
      case RootAction.Reads _ -> {}
      case RootAction.Where(String file, List<RootAction> actions) -> where(file, actions);
    }
  }

  private void where(String file, List<RootAction> actions)
      throws IOException, BuildFailedException {
    if (RootPath.inside(directory.root(), file).filter(Files::exists).isEmpty()) {
      progress.note("left out: there is no /" + file + " in the root");
      return;
    }
    for (RootAction each : actions) {
      run(each);
    }
  }

  private String newestKernel() throws IOException {
    List<String> kernels = Kernels.of(directory.root());
    return kernels.isEmpty() ? "" : kernels.getLast();
  }

  private List<String> inRoot(List<String> program) {
    return directory.chroot().in(directory.root(), program);
  }

  /** Passes on mmdebstrap's and debootstrap's own lines of progress. */
  private void progressOf(String line) {
    if (line.startsWith("I: ") && (line.contains("...") || line.contains("Configuring linux"))) {
      progress.note(line.substring(3));
    }
  }

  private void layers(Path image) throws IOException, BuildFailedException {
    Path unpacked = image;
    if (!Files.isDirectory(image)) {
      unpacked = directory.path().resolve("image");
      session.remove(unpacked);
      Files.createDirectory(unpacked);
      run(
          new RootAction.Run(
              "unpacking " + image,
              List.of("tar", "--extract", "--file=" + image, "--directory=" + unpacked)));
    }
    List<Path> layers = OciImage.layers(unpacked);
    for (int i = 0; i < layers.size(); i++) {
      progress.note("layer " + (i + 1) + " of " + layers.size());
      layer(layers.get(i));
    }
  }

  /**
   * Unpacks it where there is no link that it could be led away by, then lays it over the others.
   */
  private void layer(Path layer) throws IOException, BuildFailedException {
    Set<String> named = new HashSet<>();
    List<String> list = List.of("tar", "--list", "--quoting-style=literal", "--file=" + layer);
    Command.Ended listed =
        command.run(
            directory.chroot().apart(list),
            "",
            name -> {
              if (LayerMerge.isDirectory(name)) {
                named.add(LayerMerge.plain(name));
              }
            });
    command.check("reading " + layer, listed);
    Files.createDirectories(directory.root());
    Path unpacked = fresh("layer");
    Path shapes = fresh("shapes");
    run(
        new RootAction.Run(
            "unpacking " + layer,
            List.of(
                "tar",
                "--extract",
                "--file=" + layer,
                "--preserve-permissions",
                "--same-owner",
                "--numeric-owner",
                "--xattrs",
                "--xattrs-include=*",
                "--directory=" + unpacked)));
    List<Path> shaped =
        new LayerMerge(unpacked, directory.root(), named, shapes, this::removeAny).run();
    StringBuilder pairs = new StringBuilder();
    shaped.forEach(path -> pairs.append(path).append('\0'));
    List<String> copy = List.of("xargs", "-0", "-r", "-n", "2", "cp", "-a", "-T", "--");
    command.check(
        "giving directories what the layer says of them",
        command.run(directory.chroot().apart(copy), pairs.toString(), _ -> {}));
    session.remove(unpacked);
    session.remove(shapes);
  }

  private Path fresh(String name) throws IOException {
    Path made = directory.path().resolve(name);
    session.remove(made);
    return Files.createDirectory(made);
  }

  private void removeAny(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      session.remove(path);
    } else {
      Files.deleteIfExists(path);
    }
  }

  private void keepUndo() throws IOException, BuildFailedException {
    session.remove(directory.undo());
    copy(directory.root(), directory.undo());
  }

  private void copy(Path from, Path to) throws IOException, BuildFailedException {
    run(
        new RootAction.Run(
            "copying " + from,
            List.of("cp", "-a", "--reflink=auto", from.toString(), to.toString())));
  }

  private void verify(RootAction.Demand demand) throws IOException, BuildFailedException {
    List<RootFinding> findings =
        RootDoctor.examine(directory.root(), demand, program -> lines(inRoot(program)));
    findings.stream()
        .filter(finding -> finding.weight() == RootFinding.Weight.ODD)
        .forEach(finding -> progress.note(finding.text()));
    List<String> broken =
        findings.stream()
            .filter(finding -> finding.weight() == RootFinding.Weight.BROKEN)
            .map(RootFinding::text)
            .toList();
    if (!broken.isEmpty()) {
      throw new BuildFailedException(
          "the root would not boot:\n  "
              + String.join("\n  ", broken)
              + "\nThe log is "
              + directory.log());
    }
  }

  /** What a program says; nothing if it fails. */
  private List<String> lines(List<String> program) throws IOException {
    List<String> lines = new ArrayList<>();
    Consumer<String> each = lines::add;
    return command.run(program, "", each).status() == 0 ? lines : List.of();
  }
}
