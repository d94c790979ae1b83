package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.krgboot.kernel.KernelBuild;
import org.krgboot.kernel.KernelRecipe;
import org.krgboot.kernel.KernelRecipeReader;
import org.krgboot.kernel.Stage;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.RecipeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krgboot kernel build}: a kernel, by a recipe. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = {
      "Builds a kernel by a recipe (a .toml file), step by step, without network and mostly without root. A build",
      "that was stopped or failed goes on where it was; one that is there and as wanted is left alone.",
      "See docs/kernels.md.",
      "Stages: unpack, patch, prepare, configure, verify, build, stage, initramfs."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot kernel build site.toml --dry-run          each step with its commands",
      "  krgboot kernel build site.toml --until verify     is the configuration what was asked for?",
      "  krgboot kernel build site.toml"
    })
final class KernelBuildCommand implements Callable<Integer> {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Parameters(paramLabel = "RECIPE", description = "what the kernel is to be, and how it is made")
  @Nullable Path recipe;

  @Option(names = "--dry-run", description = "tell each step with its commands; change nothing")
  boolean dryRun;

  @Option(
      names = "--explain",
      description = "tell of each step whether it would be done, and why; change nothing")
  boolean explain;

  @Option(
      names = "--from",
      paramLabel = "STAGE",
      description = "do that stage again, and all after it")
  @Nullable String from;

  @Option(names = "--until", paramLabel = "STAGE", description = "stop after that stage")
  @Nullable String until;

  @Option(
      names = "--only",
      paramLabel = "STAGE",
      description = "do that stage again and stop after it; those before it are done if need be")
  @Nullable String only;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "how many processes compile at a time (default: one for each processor)")
  int jobs = Runtime.getRuntime().availableProcessors();

  @Option(names = "--clean", description = "do not go on where an earlier run has stopped")
  boolean clean;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "where the result is put (default: kernel-NAME here, by the recipe's name)")
  @Nullable Path output;

  @Option(names = "--smoke", description = "then see that it boots: krgboot kernel smoke DIR")
  boolean smoke;

  @Option(
      names = "--publish",
      description = "then put it before the nodes: krgboot kernel publish DIR")
  boolean publish;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (recipe == null) {
      return 2;
    }
    if (jobs < 1 || jobs > 4096) {
      System.err.println("krgboot: --jobs is a number from 1 to 4096");
      return 2;
    }
    try {
      KernelRecipe read = KernelRecipeReader.read(recipe);
      KernelBuild build = KernelBuild.of(read, output == null ? here(read) : output);
      if (dryRun || explain) {
        (dryRun ? build.plan(jobs) : build.explain(part())).forEach(System.out::println);
        return 0;
      }
      if (clean) {
        build.forget();
      }
      KernelBuild.Result result = build.run(part(), jobs, new BuildLines(System.err));
      told(result);
      return result.release().isPresent() ? then(result.output()) : 0;
    } catch (RecipeException e) {
      System.err.println(e.getMessage());
      return 1;
    } catch (IOException e) {
      System.err.println("krgboot: " + BuildFailedException.reason(e));
      return 1;
    } catch (BuildFailedException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private static Path here(KernelRecipe recipe) {
    return Path.of("kernel-" + recipe.name());
  }

  private KernelBuild.Part part() {
    if (explain && clean) {
      throw new IllegalArgumentException("--explain goes without --clean, which does all of it");
    }
    if (only != null && (from != null || until != null)) {
      throw new IllegalArgumentException("--only goes without --from and --until");
    }
    Function<String, Stage> stage = Stage::parse;
    Optional<Stage> first =
        Optional.ofNullable(only).or(() -> Optional.ofNullable(from)).map(stage);
    Optional<Stage> last =
        Optional.ofNullable(only).or(() -> Optional.ofNullable(until)).map(stage);
    return new KernelBuild.Part(first, last);
  }

  /** What else was asked for, as long as it goes well. */
  private int then(Path result) {
    CommandLine kernel = Objects.requireNonNull(spec).commandLine().getParent();
    int status = smoke ? kernel.execute(words("smoke", result)) : 0;
    return publish && status == 0 ? kernel.execute(words("publish", result)) : status;
  }

  private String[] words(String command, Path result) {
    List<String> words = new ArrayList<>(List.of(command, result.toString()));
    words.addAll(daemon.words());
    return words.toArray(String[]::new);
  }

  private static void told(KernelBuild.Result result) {
    String what =
        switch (result.outcome()) {
          case BUILT -> "built";
          case LEFT_ALONE -> "nothing to do,";
          case PART -> "all stages that were asked for are done";
        };
    System.err.printf(
        Locale.ROOT,
        "%s: %s%s in %.0f s%n",
        result.output(),
        result.release().map(release -> "Linux " + release + ", ").orElse(""),
        what,
        result.took().toMillis() / 1e3);
    if (result.release().isPresent()) {
      System.out.println(result.output());
    }
  }
}
