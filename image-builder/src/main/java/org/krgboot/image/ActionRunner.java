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

/** Does what actions say. */
final class ActionRunner {
  private final BuildDirectory directory;
  private final Host host;
  private final Command command;
  private final BuildProgress progress;

  ActionRunner(BuildDirectory directory, Host host, Command command, BuildProgress progress) {
    this.directory = directory;
    this.host = host;
    this.command = command;
    this.progress = progress;
  }

  void run(Action action) throws IOException, BuildFailedException {
    RootWriter writer = new RootWriter(directory.root());
    switch (action) {
      case Action.Run(String what, List<String> program) ->
          check(what, command.run(directory.chroot().apart(program), "", this::progressOf));
      case Action.InRoot(String what, List<String> program, String input) ->
          check(what, command.run(inRoot(program), input, this::progressOf));
      case Action.Write(List<RootFiles.Entry> entries) -> writer.write(entries);
      case Action.Copy(Path from, String to, String permissions) ->
          writer.copy(from, to, permissions);
      case Action.Note(Path file, String text) -> {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
      }
      case Action.Layers(Path image) -> layers(image);
      case Action.Password(String user, String hash) -> writer.password(user, hash);
      case Action.Verify(Action.Demand demand) -> verify(demand);
      case Action.Describe(var lines) ->
          writer.write(
              List.of(
                  new RootFiles.Entry.File(
                      Manifest.PATH,
                      new Manifest(lines).withKernel(newestKernel()).text(),
                      "rw-r--r--")));
      case Action.KeepUndo _ -> keepUndo();
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
      remove(unpacked);
      Files.createDirectory(unpacked);
      run(
          new Action.Run(
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
    check("reading " + layer, listed);
    Files.createDirectories(directory.root());
    Path unpacked = fresh("layer");
    Path shapes = fresh("shapes");
    run(
        new Action.Run(
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
    check(
        "giving directories what the layer says of them",
        command.run(directory.chroot().apart(copy), pairs.toString(), _ -> {}));
    remove(unpacked);
    remove(shapes);
  }

  private Path fresh(String name) throws IOException {
    Path made = directory.path().resolve(name);
    remove(made);
    return Files.createDirectory(made);
  }

  private void removeAny(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      remove(path);
    } else {
      Files.deleteIfExists(path);
    }
  }

  /** A tree, if it is there; nothing that is mounted in it. */
  void remove(Path tree) throws IOException {
    BuildDirectory.refuseMounts(tree, host);
    if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      List<String> rm = List.of("rm", "-rf", "--one-file-system", "--", tree.toString());
      Command.Ended ended = command.run(rm, "", _ -> {});
      if (ended.status() != 0) {
        throw new IOException(tree + " cannot be removed: " + String.join("; ", ended.lastLines()));
      }
    }
  }

  private void keepUndo() throws IOException, BuildFailedException {
    remove(directory.undo());
    copy(directory.root(), directory.undo());
  }

  /** Makes the root again what it was when the copy was kept. */
  void undo() throws IOException, BuildFailedException {
    remove(directory.root());
    copy(directory.undo(), directory.root());
  }

  private void copy(Path from, Path to) throws IOException, BuildFailedException {
    run(
        new Action.Run(
            "copying " + from,
            List.of("cp", "-a", "--reflink=auto", from.toString(), to.toString())));
  }

  private void verify(Action.Demand demand) throws IOException, BuildFailedException {
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

  /** Throws what to look at, unless all went well. */
  void check(String what, Command.Ended ended) throws BuildFailedException {
    if (ended.status() != 0) {
      throw new BuildFailedException(
          what
              + " failed with status "
              + ended.status()
              + ". Its last lines:\n  "
              + String.join("\n  ", ended.lastLines())
              + "\n"
              + Remedy.of(ended.lastLines())
              + "All of it is in "
              + directory.log());
    }
  }
}
