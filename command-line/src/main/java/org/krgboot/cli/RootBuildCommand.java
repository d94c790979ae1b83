package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.krgboot.image.Recipe;
import org.krgboot.image.RecipeReader;
import org.krgboot.image.RootBuild;
import org.krgboot.image.RootRecipe;
import org.krgboot.images.Image;
import org.krgboot.images.ImageStore;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.SettingsException;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.RecipeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krgboot root build}: a bootable Debian node root. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = {
      "With a recipe (a .toml file): makes a new image by it, step by step. A build that was stopped or failed",
      "goes on where it was. See docs/roots.md.",
      "Without: makes a Debian node root in a directory: kernel, initrd with network and NFS, ssh server, serial",
      "console. Packages come from where this machine's apt gets them. One that is there and as wanted is left alone."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot root build site.toml --dry-run",
      "  krgboot root build site.toml",
      "  krgboot root build --authorized-key ~/.ssh/id_ed25519.pub",
      "  krgboot root build /NFSROOT/kerrighed --root-password --package vim --hosts 10.11.12.101-10.11.12.115"
    })
final class RootBuildCommand implements Callable<Integer> {
  private static final Path OS_RELEASE = Path.of("/etc/os-release");
  private static final String NEWEST_TRIED = "bookworm";

  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE|DIR",
      description = "a recipe, or the directory to build in (default: /NFSROOT/kerrighed)")
  Path target = Defaults.NODE_ROOT;

  @Mixin ImageStoreAddress where = new ImageStoreAddress();

  @Option(names = "--dry-run", description = "tell each step of the recipe with its commands")
  boolean dryRun;

  @Option(names = "--clean", description = "do not go on where an earlier run has stopped")
  boolean clean;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      description = "Debian release (default: this machine's)")
  @Nullable String suite;

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description = "package archive (default: this machine's apt sources)")
  @Nullable String mirror;

  @Option(
      names = "--package",
      paramLabel = "NAME",
      description = "one package more; may be given often")
  List<String> packages = List.of();

  @Option(
      names = "--small",
      description = "kernel and drivers for virtual machines only: quicker to build and boot")
  boolean small;

  @Option(
      names = "--root-password",
      interactive = true,
      arity = "0..1",
      description = "root's password, asked for")
  char @Nullable [] rootPassword;

  @Option(
      names = "--root-password-file",
      paramLabel = "FILE",
      description = "root's password: the file's first line")
  @Nullable Path rootPasswordFile;

  @Option(
      names = "--authorized-key",
      paramLabel = "FILE",
      description = "public keys that may log in as root by ssh")
  @Nullable Path authorizedKey;

  @Option(
      names = "--hosts",
      paramLabel = "A-B",
      description = "addresses of the nodes, for the root's /etc/hosts")
  @Nullable String hosts;

  @Option(
      names = "--name-prefix",
      paramLabel = "TEXT",
      description = "the nodes' names before the number (default: krgnode)")
  String namePrefix = Defaults.NAME_PREFIX;

  @Option(
      names = "--replace",
      description = "put the new root in the place of another one, which is kept beside it")
  boolean replace;

  @Override
  public Integer call() {
    return target.toString().endsWith(".toml") ? byRecipe() : intoDirectory();
  }

  private int byRecipe() {
    mustNotHave(
        "--suite",
        "--mirror",
        "--package",
        "--small",
        "--root-password",
        "--hosts",
        "--root-password-file",
        "--authorized-key",
        "--name-prefix",
        "--replace");
    try {
      Recipe recipe = RecipeReader.read(target, hostSuite());
      if (dryRun) {
        RootBuild.plan(recipe, where.look()).forEach(System.out::println);
        return 0;
      }
      RootBuild.From from = clean ? RootBuild.From.NOTHING : RootBuild.From.WHERE_IT_STOPPED;
      try (ImageStore store = where.open()) {
        Image image = RootBuild.image(recipe, store, from, new BuildLines(System.err));
        System.out.println("image " + image.number() + ": " + image.name());
        System.err.println("next: krgboot image publish " + image.number());
      }
      return 0;
    } catch (RecipeException e) {
      System.err.println(e.getMessage());
      return 1;
    } catch (BuildFailedException | IOException | SettingsException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  /** What a recipe says itself. */
  private void mustNotHave(String... options) {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    for (String option : options) {
      if (line.getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(
            line, option + " is for a build without a recipe; write it into " + target);
      }
    }
  }

  private int intoDirectory() {
    if (dryRun || clean) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          (dryRun ? "--dry-run" : "--clean") + " is for a build by a recipe");
    }
    try {
      RootBuild.Result result =
          RootBuild.run(
              recipe(),
              replace ? RootBuild.Existing.REPLACE : RootBuild.Existing.KEEP,
              new BuildLines(System.err));
      System.err.printf(
          Locale.ROOT,
          "%s: kernel %s, %s in %.0f s%n",
          result.root(),
          result.kernelRelease(),
          result.outcome() == RootBuild.Outcome.BUILT ? "built" : "nothing to do,",
          result.took().toMillis() / 1e3);
      result.old().ifPresent(old -> System.err.println("the root that stood there is now " + old));
      System.err.println("next: krgboot serve --root " + result.root());
      return 0;
    } catch (BuildFailedException | IOException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  private RootRecipe recipe() throws IOException {
    return new RootRecipe(
        target,
        suite == null ? hostSuite() : suite,
        Optional.ofNullable(mirror),
        packages,
        small ? RootRecipe.Size.SMALL : RootRecipe.Size.STANDARD,
        hosts == null ? Map.of() : names(AddressRange.parse(hosts), namePrefix),
        new RootRecipe.Login(password(), Optional.ofNullable(authorizedKey)));
  }

  private Optional<String> password() throws IOException {
    if (rootPasswordFile != null) {
      return Files.readString(rootPasswordFile).lines().findFirst();
    }
    return rootPassword == null ? Optional.empty() : Optional.of(new String(rootPassword));
  }

  /** The names that the nodes get from these addresses. */
  static Map<Ipv4, NodeName> names(AddressRange range, String prefix) {
    Map<Ipv4, NodeName> names = new TreeMap<>();
    range
        .addresses()
        .forEach(address -> names.put(address, new NodeName(prefix + address.octet(3))));
    return names;
  }

  /**
   * The release of this machine if it is a Debian: its kernel and ours then come from one archive.
   */
  static String hostSuite() throws IOException {
    if (!Files.isReadable(OS_RELEASE)) {
      return NEWEST_TRIED;
    }
    List<String> lines = Files.readAllLines(OS_RELEASE);
    return lines.contains("ID=debian")
        ? lines.stream()
            .filter(line -> line.startsWith("VERSION_CODENAME="))
            .map(line -> line.substring(line.indexOf('=') + 1))
            .findFirst()
            .orElse(NEWEST_TRIED)
        : NEWEST_TRIED;
  }
}
