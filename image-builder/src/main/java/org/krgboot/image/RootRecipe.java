package org.krgboot.image;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.steps.Sha256;

/**
 * What a node root is to be.
 *
 * @param target where the root is to stand, such as {@code /NFSROOT/kerrighed}
 * @param suite the Debian release by name, such as {@code bookworm}
 * @param mirror an archive to take packages from; empty for what this machine's apt uses
 * @param extraPackages Debian packages beyond those a node needs
 * @param size how much hardware the root is for
 * @param hosts names that every node is to know, by address
 * @param login who can log in
 */
public record RootRecipe(
    Path target,
    String suite,
    Optional<String> mirror,
    List<String> extraPackages,
    Size size,
    Map<Ipv4, NodeName> hosts,
    Login login) {

  /** How much hardware the root is for. */
  public enum Size {
    /** Debian's full kernel, and an initrd with all its network drivers. */
    STANDARD("linux-image-amd64"),
    /** Debian's cloud kernel, and an initrd with virtio's network driver: for virtual machines. */
    SMALL("linux-image-cloud-amd64");

    final String kernelPackage;

    Size(String kernelPackage) {
      this.kernelPackage = kernelPackage;
    }
  }

  /**
   * Who can log in as root. With neither, nobody can.
   *
   * @param rootPassword for the console; never shown, and on no command line
   * @param authorizedKey a file with public keys for ssh
   */
  public record Login(Optional<String> rootPassword, Optional<Path> authorizedKey) {
    public Login {
      if (rootPassword.isPresent() && !rootPassword.get().matches("[^\\p{Cntrl}]+")) {
        throw new IllegalArgumentException(
            "the root password is empty or has a control character in it; choose another");
      }
    }

    @Override
    public String toString() {
      return "Login[rootPassword="
          + (rootPassword.isPresent() ? "(hidden)" : "none")
          + ", authorizedKey="
          + authorizedKey
          + "]";
    }
  }

  private static final Pattern SUITE = Pattern.compile("[a-z][a-z0-9.-]*");
  // Debian Policy 5.6.1.
  private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]+");
  private static final Pattern MIRROR = Pattern.compile("(https?|file|ftp)://[^\\s\\[\\]]+");

  public RootRecipe {
    target = target.toAbsolutePath().normalize();
    extraPackages = extraPackages.stream().sorted().distinct().toList();
    hosts = new TreeMap<>(hosts);
    refuseUnless(target.getNameCount() > 0, "the target cannot be / itself; name a directory");
    refuseUnless(
        target.toString().chars().noneMatch(Character::isISOControl),
        "the target's path has a control character in it");
    refuseUnless(
        SUITE.matcher(suite).matches(),
        "'" + suite + "' is not the name of a Debian release; write it as bookworm");
    mirror.ifPresent(m ->
        refuseUnless(
            MIRROR.matcher(m).matches(),
            "'" + m + "' is not a mirror; write it as http://HOST/debian"));
    extraPackages.forEach(p ->
        refuseUnless(
            PACKAGE.matcher(p).matches(), "'" + p + "' is not the name of a Debian package"));
  }

  private static void refuseUnless(boolean good, String otherwise) {
    if (!good) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** What is installed, in order. */
  List<String> packages() {
    return Bootstrap.packages(size, extraPackages);
  }

  /**
   * What decides the root's content, by name, each on one line. The login is not part of it: a hash
   * of a password has no place in a file that all nodes can read.
   */
  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("suite", suite);
    lines.put("mirror", mirror.orElse("this machine's"));
    lines.put("packages", String.join(" ", packages()));
    lines.put("size", size.name());
    lines.put(
        "hosts",
        hosts.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(" ")));
    lines.put(
        "files",
        Sha256.of(RootFiles.initramfs(Optional.of(size)) + "" + RootFiles.edits(Recipe.of(this))));
    return lines;
  }
}
