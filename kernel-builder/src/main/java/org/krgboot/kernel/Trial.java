package org.krgboot.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.krgboot.kernel.KernelRecipe.Change;
import org.krgboot.steps.BuildFailedException;

/**
 * Tries all patches and edits, in order, on copies of the files that they change, before the first
 * file of a tree is touched. All that does not apply is told at once.
 */
final class Trial {
  private static final int MOST = 20;

  /** Applies a patch in a directory. */
  interface Patching {
    /** Status and lines of patch. */
    Outcome apply(Change.Patch patch, Path directory) throws IOException;
  }

  record Outcome(int status, List<String> lines) {}

  private final Path sources;
  private final Path trial;
  private final Patching patching;
  private final Set<Path> copied = new HashSet<>();

  /**
   * Of one build.
   *
   * @param sources where the trees are
   * @param trial an empty directory
   */
  Trial(Path sources, Path trial, Patching patching) {
    this.sources = sources;
    this.trial = trial;
    this.patching = patching;
  }

  /**
   * Tries them.
   *
   * @return what is to be told of those that apply, such as fuzz
   * @throws BuildFailedException with each patch and edit that does not
   */
  List<String> run(List<Change> changes) throws IOException, BuildFailedException {
    List<String> faults = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Change change : changes) {
      Path tree = Files.createDirectories(trial.resolve(change.tree()));
      switch (change) {
        case Change.Patch patch -> {
          for (Path file : PatchFile.read(patch.file()).files(patch.strip())) {
            copy(patch.tree(), file);
          }
          Outcome outcome = patching.apply(patch, tree);
          List<String> told = outcome.lines();
          if (outcome.status() != 0) {
            faults.add(patch.file() + ":\n      " + String.join("\n      ", failed(told)));
          } else {
            told.stream()
                .filter(line -> line.contains("with fuzz"))
                .forEach(line -> notes.add(patch.file().getFileName() + ": " + line));
          }
        }
        case Change.Edit edit -> {
          copy(edit.tree(), Path.of(edit.file()));
          if (edit.way() instanceof KernelRecipe.Way.CopyOf(String from)) {
            copy(edit.tree(), Path.of(from));
          }
          Editing.apply(tree, edit)
              .ifPresent(fault -> faults.add(edit.from() + ": " + edit.file() + " " + fault));
        }
      }
    }
    if (!faults.isEmpty()) {
      int more = Math.max(0, faults.size() - MOST);
      throw new BuildFailedException(
          "of "
              + changes.size()
              + " patches and edits these do not apply, and no file was changed:\n  "
              + String.join("\n  ", faults.subList(0, faults.size() - more))
              + (more > 0 ? "\n  and " + more + " more" : "")
              + "\nMend them in the recipe, and run it again.");
    }
    return notes;
  }

  /** Each hunk that failed, with its file. */
  private static List<String> failed(List<String> lines) {
    List<String> said = new ArrayList<>();
    String file = "";
    for (String line : lines) {
      if (line.startsWith("patching file ") || line.startsWith("checking file ")) {
        file = line.substring("patching file ".length());
      } else if (line.matches("Hunk #.*FAILED.*")) {
        said.add(file + ": " + line);
      } else if (line.matches(
          "(?i).*(can't find file|previously applied|malformed|garbage|\\*\\*\\*\\*).*")) {
        said.add((file.isEmpty() ? "" : file + ": ") + line);
      }
    }
    return said.isEmpty() ? lines : said;
  }

  private void copy(String tree, Path file) throws IOException {
    Path from = sources.resolve(tree).resolve(file);
    Path to = trial.resolve(tree).resolve(file);
    if (!copied.add(to) || Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(to.resolveSibling("."));
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
