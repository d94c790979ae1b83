package org.krgboot.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether what a build left fits together: kernel, initrd and modules are of one release. */
final class ResultCheck {
  private static final List<String> MODULES = List.of("lib/modules", "usr/lib/modules");
  private static final Pattern MODULE = Pattern.compile("(?:\\./)?(?:usr/)?lib/modules/([^/]+)/.*");

  private ResultCheck() {}

  /**
   * Looks at all of it.
   *
   * @throws KernelException if something is not as it was built, or does not fit
   */
  static void of(Path result, KernelManifest manifest) throws IOException {
    manifest.verify(result);
    listed(result, manifest);
    KernelImage kernel = KernelImage.read(result.resolve(KernelManifest.KERNEL));
    if (!kernel.release().equals(manifest.release())) {
      throw new KernelException(
          "the manifest says release "
              + manifest.release()
              + ", and the kernel calls itself "
              + kernel.release()
              + "; build it again");
    }
    modules(result, kernel.release());
    if (Files.exists(result.resolve(KernelManifest.INITRD))) {
      initrd(result.resolve(KernelManifest.INITRD), kernel.release());
    }
  }

  /** What a node or an operator trusts has to be in the manifest, and by its own name. */
  private static void listed(Path result, KernelManifest manifest) throws KernelException {
    for (String file : List.of(KernelManifest.INITRD, KernelManifest.CONFIG)) {
      boolean there = Files.exists(result.resolve(file), LinkOption.NOFOLLOW_LINKS);
      if (there && manifest.outputs().stream().noneMatch(each -> each.file().equals(file))) {
        throw new KernelException(
            result.resolve(file) + " is not in the manifest: nobody knows where it is from");
      }
    }
    Optional<KernelManifest.Output> config =
        manifest.outputs().stream()
            .filter(each -> each.file().equals(KernelManifest.CONFIG))
            .findFirst();
    if (config.isPresent() && !config.get().sha256().equals(manifest.configSha256())) {
      throw new KernelException(
          "the manifest names another configuration than " + config.get().file());
    }
    Path root = result.resolve(KernelManifest.ROOT);
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      throw new KernelException(root + " is no directory");
    }
  }

  private static void modules(Path result, String release) throws IOException {
    Set<String> releases = new TreeSet<>();
    for (String place : MODULES) {
      Path modules = result.resolve(KernelManifest.ROOT).resolve(place);
      if (Files.isDirectory(modules, LinkOption.NOFOLLOW_LINKS)) {
        try (Stream<Path> list = Files.list(modules)) {
          list.forEach(each -> releases.add(each.getFileName().toString()));
        }
      }
    }
    agree("modules in " + result.resolve(KernelManifest.ROOT), releases, release);
  }

  private static void initrd(Path initrd, String release) throws IOException {
    Set<String> releases = new TreeSet<>();
    try {
      for (String name : InitrdFile.names(initrd)) {
        Matcher module = MODULE.matcher(name);
        if (module.matches()) {
          releases.add(module.group(1));
        }
      }
    } catch (IOException e) {
      throw new KernelException(
          "the initrd " + initrd.getFileName() + " cannot be looked into: " + e.getMessage(), e);
    }
    agree("modules in the initrd", releases, release);
  }

  /** None at all is fine: all may be built in. */
  private static void agree(String what, Set<String> releases, String release)
      throws KernelException {
    if (!releases.isEmpty() && !releases.contains(release)) {
      throw new KernelException(
          what
              + " are of "
              + String.join(", ", releases)
              + ", and the kernel is "
              + release
              + ": it would load none of them; build both together");
    }
  }
}
