package org.krgboot.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.krgboot.bootfiles.KernelChoice;
import org.krgboot.kernels.InitrdFile;

/** Whether the kernel that nodes get can reach its root: modules, network drivers, NFS. */
final class RootCheck {
  private static final Pattern DRIVER =
      Pattern.compile(
          "(?:.*/)?kernel/drivers/net/(?:ethernet/.*|virtio_net|[^/]*)\\.ko(?:\\.\\w+)?");
  private static final Pattern NFS = Pattern.compile("(?:.*/)?kernel/fs/nfs/nfs\\.ko(?:\\.\\w+)?");
  private static final Pattern NFS3 =
      Pattern.compile("(?:.*/)?kernel/fs/nfs/nfsv3\\.ko(?:\\.\\w+)?");

  private final Path root;
  private final Optional<KernelChoice> choice;

  private RootCheck(Path root, Optional<KernelChoice> choice) {
    this.root = root;
    this.choice = choice;
  }

  /** Of the kernel that nodes get with that root. */
  static RootCheck of(Path root, Optional<KernelChoice> choice) {
    return new RootCheck(root, choice);
  }

  List<Finding> findings() {
    if (choice.isEmpty()) {
      return List.of(); // told already
    }
    KernelChoice kernel = choice.get();
    String version = kernel.release();
    List<Finding> findings = new ArrayList<>();
    findings.add(modules(kernel));
    findings.add(
        kernel
            .initrd()
            .map(initrd -> initrd(kernel.directory(root).resolve(initrd), version))
            .orElseGet(() -> builtIn(kernel)));
    return findings;
  }

  /** Links in a node root are the node's, and may lead out of it: not followed. */
  private Optional<Path> inRoot(String... places) {
    for (String place : places) {
      Path file = root.resolve(place);
      try {
        if (Files.exists(file) && file.toRealPath().startsWith(root.toRealPath())) {
          return Optional.of(file);
        }
      } catch (IOException e) {
        // It went away meanwhile, so it is not there.
      }
    }
    return Optional.empty();
  }

  private Finding modules(KernelChoice kernel) {
    String version = kernel.release();
    Optional<Path> brought =
        kernel
            .stored()
            .map(stored -> stored.version().path().resolve("root"))
            .filter(Files::isDirectory);
    return inRoot("usr/lib/modules/" + version, "lib/modules/" + version)
        .map(modules -> Finding.ok("modules of that kernel: " + modules))
        .orElseGet(() ->
            Finding.warning(
                "the root has no modules for the kernel " + version,
                "once it runs from its root, it finds no more drivers",
                brought
                    .map(from -> "they are in " + from + ": cp -a " + from + "/. " + root + "/")
                    .orElse(
                        kernel.stored().isPresent()
                            ? "right if all that it needs is built into it"
                            : "chroot "
                                + root
                                + " apt-get install --reinstall linux-image-"
                                + version)));
  }

  private Finding initrd(Path file, String version) {
    Set<String> names;
    try {
      names = new HashSet<>(InitrdFile.names(file));
    } catch (IOException e) {
      return Finding.warning(
          "the initrd " + file + " cannot be looked into: " + e.getMessage(),
          "whether it has network drivers and NFS is not known",
          "install that program, or look yourself: lsinitramfs " + file);
    }
    names.addAll(builtInModules(version));
    long drivers = names.stream().filter(DRIVER.asMatchPredicate()).count();
    List<String> missing = new ArrayList<>();
    if (drivers == 0) {
      missing.add("a network driver");
    }
    if (names.stream().noneMatch(NFS.asMatchPredicate())) {
      missing.add("NFS");
    } else if (names.stream().noneMatch(NFS3.asMatchPredicate())) {
      missing.add("NFS version 3");
    }
    return missing.isEmpty()
        ? Finding.ok("the initrd has " + drivers + " network drivers, and NFS")
        : Finding.problem(
            "the initrd " + file + " is without " + String.join(" and ", missing),
            "the kernel starts and cannot mount its root",
            "say MODULES=netboot and BOOT=nfs in "
                + root
                + "/etc/initramfs-tools/initramfs.conf; then chroot "
                + root
                + " update-initramfs -u -k "
                + version);
  }

  private List<String> builtInModules(String version) {
    return inRoot(
            "usr/lib/modules/" + version + "/modules.builtin",
            "lib/modules/" + version + "/modules.builtin")
        .map(RootCheck::lines)
        .orElse(List.of());
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** A kernel that mounts its root itself, as the Kerrighed how-to has it. */
  private Finding builtIn(KernelChoice kernel) {
    return missingWithoutInitrd(kernel)
        .map(missing ->
            missing.isEmpty()
                ? Finding.ok("the kernel mounts a root by NFS itself")
                : Finding.problem(
                    "the kernel has no initrd, and is built without " + String.join(", ", missing),
                    "it cannot mount its root",
                    "build it with these set to y, or give it an initrd (boot.initrd)"))
        .orElseGet(() ->
            Finding.warning(
                "the kernel has no initrd, and its configuration is not at hand",
                "it boots only if network card, ip=dhcp and NFS are built into it",
                "put its configuration into boot/config-" + kernel.release() + " and check again"));
  }

  /**
   * What a kernel lacks to mount a root by NFS without an initrd.
   *
   * @return empty if its configuration is not at hand
   */
  Optional<List<String>> missingWithoutInitrd(KernelChoice kernel) {
    Optional<Path> config =
        kernel.stored().isPresent()
            ? Optional.of(kernel.directory(root).resolve("config")).filter(Files::isRegularFile)
            : inRoot("boot/config-" + kernel.release());
    return config
        .map(RootCheck::lines)
        .map(lines ->
            Stream.of("CONFIG_ROOT_NFS", "CONFIG_IP_PNP_DHCP", "CONFIG_NFS_V3")
                .filter(key -> !lines.contains(key + "=y"))
                .toList());
  }
}
