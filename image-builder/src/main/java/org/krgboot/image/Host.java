package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The machine that builds.
 *
 * @param searchPath directories with programs, divided by colons
 * @param etcApt /etc/apt
 * @param proc /proc
 * @param keyring Debian's keys
 * @param freeBytes how much disk space a build wants
 */
record Host(String searchPath, Path etcApt, Path proc, Path keyring, long freeBytes) {
  private static final long FREE_BYTES = 2L << 30;

  static Host real() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    // A user's PATH often lacks the directories of the administrator's tools.
    return new Host(
        path + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin",
        Path.of("/etc/apt"),
        Path.of("/proc"),
        AptSources.KEYRING,
        FREE_BYTES);
  }

  Optional<Path> find(String program) {
    for (String directory : searchPath.split(":", -1)) {
      Path file = Path.of(directory, program);
      if (!directory.isEmpty() && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Debian packages that are not there and have to be. */
  List<String> missingPackages(Source source) {
    List<String> missing = new ArrayList<>();
    switch (source) {
      case Source.Debian _ -> {
        if (find("mmdebstrap").isEmpty() && find("debootstrap").isEmpty()) {
          missing.add("mmdebstrap");
        }
        if (!Files.exists(keyring)) {
          missing.add("debian-archive-keyring");
        }
      }
      case Source.Squashfs _ -> addUnless(missing, "unsquashfs", "squashfs-tools");
      case Source.Host golden -> {
        if (golden.host().isPresent()) {
          addUnless(missing, "ssh", "openssh-client");
        }
        addUnless(missing, "bash", "bash");
        addUnless(missing, "tar", "tar");
      }
      case Source.Tar _, Source.Oci _ -> addUnless(missing, "tar", "tar");
      case Source.Directory _ -> {}
    }
    addUnless(missing, "chroot", "coreutils");
    for (String tool : List.of("unshare", "setpriv", "flock")) {
      addUnless(missing, tool, "util-linux");
    }
    return missing.stream().distinct().toList();
  }

  private void addUnless(List<String> missing, String program, String itsPackage) {
    if (find(program).isEmpty()) {
      missing.add(itsPackage);
    }
  }

  /** True if this process may make device nodes and change owners. */
  boolean isRoot() throws IOException {
    Pattern effectiveRoot = Pattern.compile("Uid:\\s+\\d+\\s+0\\s.*");
    return Files.readAllLines(proc.resolve("self/status")).stream()
        .anyMatch(line -> effectiveRoot.matcher(line).matches());
  }

  MountTable mounts() throws IOException {
    return MountTable.parse(Files.readString(proc.resolve("self/mountinfo")));
  }
}
