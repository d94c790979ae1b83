package org.krgboot.cli;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.krgboot.bootfiles.BootEntry;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.bootfiles.KernelChoice;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.model.KernelVersion;
import org.krgboot.settings.Settings;

/** What a node will look for that is not there: boot loader, kernel, initrd, init. Reads only. */
final class BootReadiness {
  private static final List<String> INITS =
      List.of(
          "sbin/init",
          "usr/sbin/init",
          "lib/systemd/systemd",
          "usr/lib/systemd/systemd",
          "bin/init");

  /** Each with the Debian package that has it. */
  private static final SequencedMap<String, String> LOADER_FILES = loaderFiles();

  /** One of them will do; as in the boot choices of the settings. */
  private static final List<String> UEFI_FILES =
      List.of(
          "snponly.efi", "efi64/syslinux.efi", "syslinux.efi", "shimx64.efi", "shimx64.efi.signed");

  private BootReadiness() {}

  private static SequencedMap<String, String> loaderFiles() {
    SequencedMap<String, String> files = new LinkedHashMap<>();
    files.put("pxelinux.0", "pxelinux");
    files.put("ldlinux.c32", "syslinux-common");
    return files;
  }

  static List<Finding> of(Settings settings) {
    List<Finding> findings = new ArrayList<>();
    if (settings.tftp().isPresent() || settings.http().isPresent()) {
      findings.addAll(loaders(settings.files()));
      findings.add(kernel(settings.bootEntry()));
      findings.addAll(entries(settings));
    }
    settings.nfs().ifPresent(nfs -> findings.add(init(settings.bootEntry().nodeRoot())));
    return findings;
  }

  private static List<Finding> loaders(Settings.Files files) {
    List<Finding> findings = new ArrayList<>();
    List<Path> places = new ArrayList<>(files.roots());
    places.addAll(files.loaders());
    LOADER_FILES.forEach((name, debianPackage) -> {
      Optional<Path> found =
          places.stream().map(place -> place.resolve(name)).filter(Files::isReadable).findFirst();
      findings.add(
          found
              .map(file -> Finding.ok("boot loader: " + file))
              .orElse(
                  Finding.problem(
                      "boot loader file " + name + " is nowhere in " + places,
                      "BIOS nodes, and iPXE where your own PXELINUX files are, load it first",
                      "apt-get install " + debianPackage + "; or put it into " + files.root())));
    });
    return findings;
  }

  /** For who asks; a cluster of BIOS machines need not hear of it at each start. */
  static Finding uefi(Settings.Files files) {
    List<Path> places = new ArrayList<>(files.roots());
    places.addAll(files.loaders());
    return UEFI_FILES.stream()
        .flatMap(name -> places.stream().map(place -> place.resolve(name)))
        .filter(Files::isReadable)
        .findFirst()
        .map(file -> Finding.ok("boot loader for UEFI: " + file))
        .orElse(
            Finding.warning(
                "no boot loader for UEFI nodes: none of " + UEFI_FILES + " in " + places,
                "nodes with a BIOS boot all the same",
                "apt-get install ipxe (or syslinux-efi, or shim-signed with"
                    + " grub-efi-amd64-signed)"));
  }

  /** The files of the boot entries, found as a node would find them. */
  private static List<Finding> entries(Settings settings) {
    List<Finding> findings = new ArrayList<>();
    BootFiles files = settings.bootFiles(_ -> Optional.empty());
    for (BootTarget.Program program : settings.bootPlan().programs()) {
      List<String> names = new ArrayList<>(List.of(program.kernel()));
      names.addAll(program.initrds());
      for (String name : names) {
        switch (files.open(name, Ipv4.ANY)) {
          case BootFileTree.Answer.Found(BootFile file) -> file.close();
          case BootFileTree.Answer.Refused(_, String why) ->
              findings.add(
                  Finding.problem(
                      "boot entry " + program.name() + ": " + why,
                      "nodes that are told to boot it stop there",
                      "put it into " + settings.files().root()));
        }
      }
    }
    return findings;
  }

  static Finding kernel(BootEntry entry) {
    Optional<KernelChoice> choice = KernelChoice.of(entry);
    return choice.map(found -> kernel(entry, found)).orElseGet(() -> noKernel(entry));
  }

  private static Finding kernel(BootEntry entry, KernelChoice choice) {
    String name =
        choice
            .stored()
            .map(stored -> stored.version().number() + " (" + stored.release() + ")")
            .orElse(choice.kernel());
    if (choice.initrd().isPresent()) {
      return Finding.ok("kernel: " + name + " with " + choice.initrd().get());
    }
    Optional<List<String>> missing =
        RootCheck.of(entry.nodeRoot(), Optional.of(choice)).missingWithoutInitrd(choice);
    return choice.stored().isPresent() || missing.filter(List::isEmpty).isPresent()
        ? Finding.ok("kernel: " + name + ", without initrd")
        : Finding.warning(
            "kernel " + name + " has no initrd in " + choice.directory(entry.nodeRoot()),
            "right only if network card and NFS are built into the kernel",
            "chroot " + entry.nodeRoot() + " update-initramfs -c -k all");
  }

  private static Finding noKernel(BootEntry entry) {
    return entry.kernel().filter(KernelVersion::isNamed).isPresent()
        ? Finding.problem(
            "there is no kernel " + entry.kernel().get() + " in " + entry.kernels(),
            "it is what nodes boot",
            "krgboot kernel list shows which there are; krgboot kernel publish NUMBER --as NAME")
        : Finding.problem(
            "no kernel in " + entry.nodeRoot().resolve("boot"),
            "it is what nodes boot",
            "krgboot root build " + entry.nodeRoot() + "; or name another root with --root");
  }

  private static Finding init(Path root) {
    if (!Files.isDirectory(root)) {
      return Finding.problem(
          "the node root " + root + " is not there",
          "nodes mount it as their root file system",
          "krgboot root build " + root + "; or name another one with --root");
    }
    // Links in a node root are the node's: they are looked at, not followed.
    return INITS.stream()
            .anyMatch(init -> Files.exists(root.resolve(init), LinkOption.NOFOLLOW_LINKS))
        ? Finding.ok("node root: " + root)
        : Finding.problem(
            "the node root " + root + " has no init",
            "kernels stop there, or restart",
            "krgboot root build " + root + " makes it anew");
  }
}
