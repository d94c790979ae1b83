package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.krgboot.image.BuildFailedException;
import org.krgboot.image.RootBuild;
import org.krgboot.image.RootRecipe;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.settings.Defaults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot root build}: a bootable Debian node root. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a Debian node root: kernel, initrd with network and NFS, ssh server, serial console.",
      "Packages come from where this machine's apt gets them. A root that is there and as wanted is left alone."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot root build --authorized-key ~/.ssh/id_ed25519.pub",
      "  krgboot root build /NFSROOT/kerrighed --root-password --package vim --hosts 10.11.12.101-10.11.12.115"
    })
final class RootBuildCommand implements Callable<Integer> {
  private static final Path OS_RELEASE = Path.of("/etc/os-release");
  private static final String NEWEST_TRIED = "bookworm";

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "where to (default: /NFSROOT/kerrighed)")
  Path target = Defaults.NODE_ROOT;

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
