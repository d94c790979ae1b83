package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.steps.BuildFailedException;

/** How Debian is installed into an empty directory. */
record Bootstrap(Recipe recipe, Source.Debian debian, Host host, RootDirectory directory) {
  // Copyright files stay: Debian Policy 12.5 wants them with the packages.
  private static final List<String> DPKG_OPTIONS =
      List.of(
          "path-exclude=/usr/share/man/*",
          "path-exclude=/usr/share/info/*",
          "path-exclude=/usr/share/locale/*",
          "path-exclude=/usr/share/doc/*",
          "path-include=/usr/share/doc/*/copyright");

  /** What a node cannot do without, beside its kernel. */
  private static final List<String> OF_A_NODE =
      List.of(
          "initramfs-tools",
          "zstd",
          "nfs-common",
          "openssh-server",
          "iproute2",
          "kmod",
          "systemd-sysv",
          "dbus",
          "udev",
          "netbase",
          "ca-certificates");

  static List<String> packages(RootRecipe.Size size, List<String> more) {
    return Stream.of(Stream.of(size.kernelPackage), OF_A_NODE.stream(), more.stream())
        .flatMap(each -> each)
        .distinct()
        .toList();
  }

  static AptSources sources(Optional<String> mirror, String suite, Host host) throws IOException {
    return mirror.isPresent()
        ? AptSources.ofMirror(mirror.get(), suite)
        : AptSources.ofHost(host.etcApt(), suite);
  }

  List<RootAction> actions() throws IOException, BuildFailedException {
    AptSources sources = sources(debian.mirror(), debian.suite(), host);
    if (sources.entries().isEmpty()) {
      throw new BuildFailedException(
          "apt on this machine has no source of Debian "
              + debian.suite()
              + "; name a mirror, or another release");
    }
    List<RootFiles.Entry> early = RootFiles.initramfs(Optional.of(debian.size()));
    List<RootAction> actions = new ArrayList<>();
    Path list = directory.path().resolve("sources.list");
    actions.add(new RootAction.Note(list, sources.text()));
    if (host.find("mmdebstrap").isPresent()) {
      for (RootFiles.Entry entry : early) {
        if (entry instanceof RootFiles.Entry.File file) {
          actions.add(new RootAction.Note(directory.early().resolve(file.path()), file.content()));
        }
      }
      actions.add(new RootAction.Run("installing packages", mmdebstrap(list)));
    } else {
      actions.add(
          new RootAction.Run("installing packages", debootstrap(sources.entries().getFirst())));
      actions.add(new RootAction.Write(early));
      actions.add(
          new RootAction.InRoot("making the initrd", "update-initramfs", "-u", "-k", "all"));
    }
    return actions;
  }

  private List<String> mmdebstrap(Path list) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("mmdebstrap", "--mode=root", "--format=directory", "--variant=minbase"));
    line.add("--include=" + String.join(",", packages(debian.size(), recipe.packages())));
    DPKG_OPTIONS.forEach(option -> line.add("--dpkgopt=" + option));
    // After the essential packages and before the kernel, so that its initrd is made right at once.
    line.add(
        "--essential-hook=cp -r "
            + quoted(directory.early().toString())
            + "/. \"$1/\" && chmod -R a+rX,u+w \"$1/etc/initramfs-tools\""
            + " && chmod a+x \"$1/etc/initramfs-tools/scripts/\"*/krgboot-*");
    line.add(debian.suite());
    line.add(directory.root().toString());
    line.add(list.toString());
    return line;
  }

  /** For machines without mmdebstrap. debootstrap knows one archive only. */
  private List<String> debootstrap(AptSources.Entry first) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("debootstrap", "--variant=minbase"));
    line.add("--include=" + String.join(",", packages(debian.size(), recipe.packages())));
    first.signedBy().filter(k -> k.startsWith("/")).ifPresent(k -> line.add("--keyring=" + k));
    line.addAll(List.of(debian.suite(), directory.root().toString(), first.uri()));
    return line;
  }

  /** One word for a shell. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
