package org.krgboot.bootfiles;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;

/**
 * Everything a node can fetch. The first of these that has the name answers: the user's own files,
 * rendered boot loader configuration, the distribution's boot loaders, the node root's kernels.
 */
public final class BootFiles implements BootFileTree {
  /** Under this name nodes find the node root's {@code boot} directory. */
  static final String BOOT = "boot/";

  private final Jail own;
  private final List<Jail> loaders;
  private final Jail boot;
  private final BootEntry entry;

  /**
   * Looks at nothing yet: directories may come later.
   *
   * @param tftpRoot the user's own files
   * @param loaderDirectories searched for boot loaders, by file name only
   */
  public BootFiles(Path tftpRoot, List<Path> loaderDirectories, BootEntry entry) {
    this.own = Jail.of(tftpRoot);
    this.loaders = loaderDirectories.stream().map(Jail::of).toList();
    this.boot = new Jail(entry.nodeRoot(), "boot");
    this.entry = entry;
  }

  /** Where Debian and its relatives put PXELINUX and its modules for BIOS machines. */
  public static List<Path> distributionLoaders() {
    return List.of(Path.of("/usr/lib/PXELINUX"), Path.of("/usr/lib/syslinux/modules/bios"));
  }

  @Override
  public Answer open(String name, Ipv4 node) {
    Optional<String> clean = Jail.clean(name);
    if (clean.isEmpty()) {
      return Jail.refused(Why.FORBIDDEN, "the name leads out of the boot files");
    }
    return clean.get().isEmpty()
        ? Jail.refused(Why.FORBIDDEN, "a directory cannot be fetched")
        : find(clean.get(), node);
  }

  private Answer find(String name, Ipv4 node) {
    Answer answer = own.open(name, role(name));
    if (isMissing(answer) && name.startsWith(PxelinuxConfig.DIRECTORY)) {
      answer = rendered(name, node);
    }
    if (isMissing(answer)) {
      answer = loader(name);
    }
    if (isMissing(answer) && name.startsWith(BOOT)) {
      answer = boot.open(name.substring(BOOT.length()), role(name));
    }
    return answer;
  }

  /** By the name that was asked for, since a link's target may be called anything. */
  private BootFile.Role role(String name) {
    if (name.startsWith(PxelinuxConfig.DIRECTORY)) {
      return BootFile.Role.CONFIG;
    }
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    if (entry.kernel().filter(fileName::equals).isPresent()) {
      return BootFile.Role.KERNEL;
    }
    return entry.initrd().filter(fileName::equals).isPresent()
        ? BootFile.Role.INITRD
        : DiskFile.roleOf(fileName);
  }

  private static boolean isMissing(Answer answer) {
    return switch (answer) {
      case Answer.Found _ -> false;
      case Answer.Refused(Why why, _) -> why == Why.NOT_FOUND;
    };
  }

  /**
   * PXELINUX asks for the MAC first and for "default" last, but a user who wrote only a "default"
   * means it for all nodes: what is rendered gives way to the user's file for any later name.
   */
  private Answer rendered(String name, Ipv4 node) {
    String asked = name.substring(PxelinuxConfig.DIRECTORY.length());
    Optional<List<String>> later = PxelinuxConfig.namesAfter(asked, node);
    boolean givesWay =
        later.isEmpty()
            || later.get().stream().anyMatch(next -> own.holds(PxelinuxConfig.DIRECTORY + next));
    if (givesWay) {
      return Jail.notFound(name);
    }
    Path root = entry.nodeRoot();
    Optional<KernelChoice> choice = KernelChoice.find(root, entry.kernel(), entry.initrd());
    if (choice.isEmpty()) {
      return Jail.refused(Why.FAILED, noKernel());
    }
    return new Answer.Found(new RenderedFile(PxelinuxConfig.render(entry, choice.get())));
  }

  private String noKernel() {
    String wanted = entry.kernel().map(name -> "kernel " + name).orElse("kernel");
    String with = entry.initrd().map(name -> " with initrd " + name).orElse("");
    return "no " + wanted + with + " in " + boot.directory() + "; run krgboot root build";
  }

  private Answer loader(String name) {
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    boolean mayBe = DiskFile.roleOf(fileName) == BootFile.Role.LOADER;
    Answer answer = Jail.notFound(name);
    for (int i = 0; mayBe && isMissing(answer) && i < loaders.size(); i++) {
      answer = loaders.get(i).open(fileName, BootFile.Role.LOADER);
    }
    return answer;
  }
}
