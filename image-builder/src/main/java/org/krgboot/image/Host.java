package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.steps.Machine;
import org.krgboot.steps.MountTable;

/**
 * The machine that builds roots.
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
    Machine machine = Machine.real();
    return new Host(
        machine.searchPath(), Path.of("/etc/apt"), machine.proc(), AptSources.KEYRING, FREE_BYTES);
  }

  Machine machine() {
    return new Machine(searchPath, proc);
  }

  Optional<Path> find(String program) {
    return machine().find(program);
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
    return machine().isRoot();
  }

  MountTable mounts() throws IOException {
    return machine().mounts();
  }
}
