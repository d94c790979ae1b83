package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.Step;
import org.krgboot.steps.Step.Repeat;

/** The plan of a build: from a recipe to steps. Changes nothing. */
final class Steps {
  private final Recipe recipe;
  private final Host host;
  private final RootDirectory directory;
  private final Optional<Instant> epoch;

  private Steps(Recipe recipe, Host host, RootDirectory directory, Optional<Instant> epoch) {
    this.recipe = recipe;
    this.host = host;
    this.directory = directory;
    this.epoch = epoch;
  }

  /**
   * All steps, in order.
   *
   * @param epoch the newest time that a file may have, from SOURCE_DATE_EPOCH
   * @param described what is written into the root about its making
   */
  static List<Step<RootAction>> of(
      Recipe recipe,
      Host host,
      RootDirectory directory,
      Optional<Instant> epoch,
      Map<String, String> described)
      throws IOException, BuildFailedException {
    return new Steps(recipe, host, directory, epoch).all(described);
  }

  private List<Step<RootAction>> all(Map<String, String> described)
      throws IOException, BuildFailedException {
    List<Step<RootAction>> steps = new ArrayList<>();
    steps.add(source());
    if (!recipe.scripts().isEmpty()) {
      steps.add(
          new Step<>(
              "undo-point",
              "keep a copy of the root, to go back to if a later step fails",
              Repeat.AGAIN,
              List.of(new RootAction.KeepUndo())));
    }
    steps.addAll(afterSource());
    steps.addAll(RootFiles.edits(recipe));
    steps.addAll(new UserSteps(recipe).all());
    if (initrdIsOld()) {
      steps.add(
          RootAction.where(
              "usr/sbin/update-initramfs",
              new Step<>(
                  "initrd",
                  "make the initrd with all of it",
                  Repeat.AGAIN,
                  List.of(
                      new RootAction.InRoot(
                          "making the initrd", "update-initramfs", "-u", "-k", "all")))));
    }
    steps.add(
        new Step<>(
            "check",
            "see that a node can boot",
            Repeat.AGAIN,
            List.of(new RootAction.Verify(demand()))));
    steps.add(
        new Step<>(
            "describe",
            "say in the root what it was made from",
            Repeat.AGAIN,
            List.of(new RootAction.Describe(described))));
    epoch.ifPresent(time -> steps.add(times(time)));
    steps.removeIf(step -> recipe.leaveAlone().contains(step.name()));
    return steps;
  }

  private List<Step<RootAction>> afterSource() throws IOException {
    List<Step<RootAction>> steps = new ArrayList<>();
    switch (recipe.source()) {
      case Source.Debian(String suite, Optional<String> mirror, _) ->
          steps.add(ownSources(suite, mirror));
      case Source.Directory _, Source.Tar _, Source.Oci _, Source.Squashfs _, Source.Host _ -> {
        if (!recipe.packages().isEmpty()) {
          steps.add(packages());
        }
        steps.add(
            RootAction.where(
                "usr/sbin/update-initramfs",
                new Step<>(
                    "initramfs",
                    "make its initrds for a root by NFS",
                    Repeat.AGAIN,
                    List.of(new RootAction.Write(RootFiles.initramfs(Optional.empty()))))));
      }
    }
    return steps;
  }

  /** Names of steps that a recipe can leave alone. */
  static List<String> names(Recipe recipe) {
    List<String> names = new ArrayList<>(RootFiles.edits(recipe).stream().map(Step::name).toList());
    names.addAll(List.of("sources", "initramfs", "initrd", "check"));
    return names;
  }

  private RootAction.Demand demand() {
    return switch (recipe.source()) {
      case Source.Debian debian ->
          switch (debian.size()) {
            case STANDARD -> RootAction.Demand.STANDARD;
            case SMALL -> RootAction.Demand.SMALL;
          };
      case Source.Directory _, Source.Tar _, Source.Oci _, Source.Squashfs _, Source.Host _ ->
          RootAction.Demand.BOOTABLE;
    };
  }

  /** mmdebstrap makes it right at once, unless something comes after. */
  private boolean initrdIsOld() {
    return switch (recipe.source()) {
      case Source.Debian _ -> !recipe.files().isEmpty() || !recipe.scripts().isEmpty();
      case Source.Directory _, Source.Tar _, Source.Oci _, Source.Squashfs _, Source.Host _ -> true;
    };
  }

  private Step<RootAction> source() throws IOException, BuildFailedException {
    List<RootAction> actions =
        switch (recipe.source()) {
          case Source.Debian debian -> new Bootstrap(recipe, debian, host, directory).actions();
          case Source.Directory(Path from) ->
              List.of(
                  run(
                      "copying the root",
                      "cp",
                      "-ax",
                      "--reflink=auto",
                      from + "/.",
                      directory.root().toString()));
          case Source.Tar(Path from, int strip) ->
              List.of(
                  directory(),
                  new RootAction.Run("unpacking the root", untar(from.toString(), strip)));
          case Source.Oci(Path from) -> List.of(new RootAction.Layers(from));
          case Source.Squashfs(Path from) ->
              List.of(
                  run(
                      "unpacking the root",
                      "unsquashfs",
                      "-no-progress",
                      "-force",
                      "-dest",
                      directory.root().toString(),
                      from.toString()));
          case Source.Host golden -> List.of(directory(), golden(golden));
        };
    Optional<Path> input = recipe.source().input();
    if (input.isPresent() && !Files.isReadable(input.get())) {
      throw new BuildFailedException("the recipe's source " + input.get() + " cannot be read");
    }
    List<RootAction> all = new ArrayList<>();
    input.ifPresent(path -> all.add(new RootAction.Reads(path)));
    all.addAll(actions);
    return new Step<>(
        "source", "get the root: " + Sources.shown(recipe.source()), Repeat.GO_BACK, all);
  }

  private RootAction directory() {
    return run("making a directory", "mkdir", "-m", "755", directory.root().toString());
  }

  private static RootAction run(String what, String... command) {
    return new RootAction.Run(what, List.of(command));
  }

  private List<String> untar(String file, int strip) {
    return List.of(
        "tar",
        "--extract",
        "--file=" + file,
        "--strip-components=" + strip,
        "--preserve-permissions",
        "--same-owner",
        "--numeric-owner",
        "--xattrs",
        "--xattrs-include=*",
        "--directory=" + directory.root());
  }

  private RootAction golden(Source.Host golden) {
    List<String> pack = new ArrayList<>(List.of("tar", "--create", "--file=-", "--directory=/"));
    pack.addAll(
        List.of(
            "--one-file-system", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--sparse"));
    for (String path : Sources.OF_THE_MACHINE) {
      pack.add("--exclude=./" + path);
    }
    golden.exclude().forEach(path -> pack.add("--exclude=." + path));
    pack.add("./");
    golden.also().forEach(path -> pack.add("." + path));
    StringBuilder line = new StringBuilder();
    for (String word : pack) {
      line.append(Bootstrap.quoted(word)).append(' ');
    }
    String packing =
        golden
            .host()
            .map(host ->
                "ssh -o BatchMode=yes "
                    + Bootstrap.quoted(host)
                    + " "
                    + Bootstrap.quoted(line.toString()))
            .orElse(line.toString());
    StringBuilder unpacking = new StringBuilder();
    untar("-", 0).forEach(word -> unpacking.append(Bootstrap.quoted(word)).append(' '));
    return run(
        "copying the golden host",
        "bash",
        "-o",
        "pipefail",
        "-c",
        packing + " | " + unpacking.toString().strip());
  }

  private Step<RootAction> ownSources(String suite, Optional<String> mirror) throws IOException {
    AptSources sources = Bootstrap.sources(mirror, suite, host);
    RootFiles.Entry file =
        new RootFiles.Entry.File("etc/apt/sources.list", sources.inRoot().text(), "rw-r--r--");
    return RootAction.edit(
        "sources",
        "tell apt on the nodes where packages are",
        file,
        new RootFiles.Entry.Absent("etc/apt/sources.list.d/0000sources.list"));
  }

  private Step<RootAction> packages() {
    List<String> install =
        new ArrayList<>(List.of("apt-get", "--yes", "--no-install-recommends", "install"));
    install.addAll(recipe.packages());
    return new Step<>(
        "packages",
        "install " + String.join(" ", recipe.packages()),
        Repeat.AGAIN,
        List.of(
            new RootAction.InRoot("refreshing the package lists", "apt-get", "update"),
            new RootAction.InRoot("installing packages", install, ""),
            new RootAction.InRoot("removing package files", "apt-get", "clean")));
  }

  /** Files made by the build are as old as SOURCE_DATE_EPOCH says. */
  private Step<RootAction> times(Instant time) {
    String seconds = "@" + time.getEpochSecond();
    String root = directory.root().toString();
    return new Step<>(
        "times",
        "let no file be newer than " + time,
        Repeat.AGAIN,
        List.of(
            new RootAction.Run("removing caches that differ each time", caches(root)),
            run(
                "setting times",
                "find",
                root,
                "-xdev",
                "-newermt",
                seconds,
                "-exec",
                "touch",
                "-h",
                "-d",
                seconds,
                "{}",
                "+")));
  }

  /** Logs, and caches that their programs make again. */
  private static List<String> caches(String root) {
    List<String> find = new ArrayList<>(List.of("find", root, "-xdev", "-type", "f", "("));
    for (String path :
        List.of("var/log/*.log", "var/cache/ldconfig/aux-cache", "var/cache/apt/*.bin")) {
      find.addAll(List.of("-path", root + "/" + path, "-o"));
    }
    find.addAll(List.of("-path", root + "/var/cache/debconf/*-old", ")", "-delete"));
    return find;
  }
}
