package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.krgboot.image.RootBuild;
import org.krgboot.image.RootFinding;
import org.krgboot.image.RootSpace;
import org.krgboot.images.Difference;
import org.krgboot.images.Image;
import org.krgboot.images.ImageStore;
import org.krgboot.settings.SettingsException;
import org.krgboot.steps.BuildFailedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krgboot root}: what is done with node roots. */
@Command(
    name = "root",
    mixinStandardHelpOptions = true,
    description = {
      "Makes node roots: what the nodes mount as their / by NFS. ROOT is the number of an image, or a directory."
    },
    subcommands = RootBuildCommand.class)
final class RootCommand implements Runnable {
  private static final String ROOT = "number of an image, or a directory";

  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(), "say what to do: root build, check, shell, exec, update, diff");
    }
  }

  /** Something that is done with a root. */
  private interface Work {
    int run() throws IOException, SettingsException, BuildFailedException;
  }

  private static int told(Work work) {
    try {
      return work.run();
    } catch (IOException | SettingsException | BuildFailedException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Tells what is wrong with a root: kernel, modules and initrd, drivers, init, what all nodes would share.",
        "Exit: 0 nothing that would stop a node, 1 something."
      })
  int check(
      @Mixin ImageStoreAddress where,
      @Parameters(paramLabel = "ROOT", description = ROOT) RootPlace root) {
    return told(() -> {
      List<RootFinding> findings = RootBuild.examine(root.directory(where.look()));
      for (RootFinding finding : findings) {
        String mark =
            switch (finding.weight()) {
              case BROKEN -> "FAULT ";
              case ODD -> "note  ";
              case GOOD -> "ok    ";
            };
        System.out.println(mark + finding.text());
      }
      return findings.stream().anyMatch(f -> f.weight() == RootFinding.Weight.BROKEN) ? 1 : 0;
    });
  }

  @Command(
      name = "shell",
      mixinStandardHelpOptions = true,
      description = {
        "Opens a shell in a root, with /proc, /sys, /dev, /run and /tmp as on a machine.",
        "Of an image, in a copy: leaving with status 0 makes a new image of it, with another none (exit 1)."
      })
  int shell(
      @Mixin ImageStoreAddress where,
      @Parameters(paramLabel = "ROOT", description = ROOT) RootPlace root) {
    if (root.image().isPresent()) {
      System.err.println("leave with 'exit 0' to make a new image of it, with 'exit 1' to drop it");
    }
    return in(where, root, List.of("/bin/sh", "-c", "exec \"$(command -v bash || echo sh)\" -i"));
  }

  @Command(
      name = "exec",
      mixinStandardHelpOptions = true,
      description = "Runs a program in a root. Of an image, in a copy, which becomes a new image.",
      footer = {"", "Example:", "  krgboot root exec 7 -- apt-get install --yes gdb"})
  int exec(
      @Mixin ImageStoreAddress where,
      @Parameters(index = "0", paramLabel = "ROOT", description = ROOT) RootPlace root,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = "PROGRAM") List<String> program) {
    return in(where, root, program);
  }

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description =
          "Brings a Debian root's packages up to date. Of an image, in a copy, which becomes a new image.")
  int update(
      @Mixin ImageStoreAddress where,
      @Parameters(paramLabel = "ROOT", description = ROOT) RootPlace root) {
    return in(where, root, RootSpace.UPDATE);
  }

  private static int in(ImageStoreAddress where, RootPlace place, List<String> program) {
    return told(() -> {
      if (place.image().isEmpty()) {
        Path directory = place.directory(where.look());
        try (RootSpace space = RootSpace.openToChange(directory)) {
          return space.run(program);
        }
      }
      try (ImageStore store = where.open()) {
        BuildLines lines = new BuildLines(System.err);
        Image image = RootSpace.change(store, place.image().getAsInt(), program, lines);
        System.out.println("image " + image.number() + ": " + image.name());
        return 0;
      }
    });
  }

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description =
          "Tells in which files two roots differ, and the usual cause. Exit: 0 in none, 1 in some.")
  int diff(
      @Mixin ImageStoreAddress where,
      @Parameters(index = "0", paramLabel = "A", description = ROOT) RootPlace one,
      @Parameters(index = "1", paramLabel = "B", description = ROOT) RootPlace other,
      @Option(names = "--quiet", description = "the number of files only") boolean quiet) {
    return told(() -> {
      ImageStore store = where.look();
      List<Difference> differences = one.inventory(store).differences(other.inventory(store));
      if (!quiet) {
        differences.forEach(System.out::println);
      }
      System.out.println(differences.size() + " files differ");
      return differences.isEmpty() ? 0 : 1;
    });
  }
}
