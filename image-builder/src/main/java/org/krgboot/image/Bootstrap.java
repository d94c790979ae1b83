package org.krgboot.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command lines that install Debian into an empty directory. */
record Bootstrap(RootRecipe recipe, AptSources sources, BuildDirectory directory) {
  // Copyright files stay: Debian Policy 12.5 wants them with the packages.
  private static final List<String> DPKG_OPTIONS =
      List.of(
          "path-exclude=/usr/share/man/*",
          "path-exclude=/usr/share/info/*",
          "path-exclude=/usr/share/locale/*",
          "path-exclude=/usr/share/doc/*",
          "path-include=/usr/share/doc/*/copyright");

  /**
   * Runs a tool with mounts and processes of its own. The tools mount this machine's /sys, /dev/shm
   * and more in the root, and a killed build would leave them there: removing its directory would
   * remove what is mounted. In namespaces, all of it ends with the first process, however that
   * comes.
   */
  static final List<String> APART =
      List.of(
          "unshare",
          "--mount",
          "--propagation",
          "private",
          "--pid",
          "--fork",
          "--kill-child",
          "--mount-proc");

  /** apt's sources during the installation. */
  Path sourcesFile() {
    return directory.path().resolve("sources.list");
  }

  /** apt's sources in the root: a keyring is named only if the root has it too. */
  AptSources rootSources() {
    return new AptSources(
        sources.entries().stream()
            .map(e -> {
              Optional<String> key =
                  e.signedBy()
                      .filter(k ->
                          k.startsWith("/")
                              && Files.exists(directory.root().resolve(k.substring(1))));
              return new AptSources.Entry(key, e.uri(), e.suite(), e.components());
            })
            .toList());
  }

  List<String> mmdebstrap() {
    List<String> line = new ArrayList<>();
    line.addAll(APART);
    line.addAll(List.of("mmdebstrap", "--mode=root", "--format=directory", "--variant=minbase"));
    line.add("--include=" + String.join(",", recipe.packages()));
    DPKG_OPTIONS.forEach(option -> line.add("--dpkgopt=" + option));
    // After the essential packages and before the kernel, so that its initrd is made right at once.
    line.add("--essential-hook=cp -r " + quoted(directory.early()) + "/. \"$1/\"");
    line.add(recipe.suite());
    line.add(directory.root().toString());
    line.add(sourcesFile().toString());
    return line;
  }

  /** For machines without mmdebstrap. debootstrap knows one archive only. */
  List<String> debootstrap() {
    AptSources.Entry first = sources.entries().getFirst();
    List<String> line = new ArrayList<>();
    line.addAll(APART);
    line.addAll(List.of("debootstrap", "--variant=minbase"));
    line.add("--include=" + String.join(",", recipe.packages()));
    first.signedBy().filter(k -> k.startsWith("/")).ifPresent(k -> line.add("--keyring=" + k));
    line.addAll(List.of(recipe.suite(), directory.root().toString(), first.uri()));
    return line;
  }

  /** A path as one word for a shell. */
  static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }
}
