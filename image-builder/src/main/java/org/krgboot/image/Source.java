package org.krgboot.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a root is made from. */
public sealed interface Source {
  /**
   * Debian's packages.
   *
   * @param suite such as {@code bookworm}
   * @param mirror an archive; empty for what this machine's apt uses
   */
  record Debian(String suite, Optional<String> mirror, RootRecipe.Size size) implements Source {}

  /** A root that stands somewhere on this machine, such as one of debootstrap. */
  record Directory(Path from) implements Source {}

  /**
   * A root that was packed with tar, in any way that tar unpacks.
   *
   * @param strip how many directories in front of each name are left away
   */
  record Tar(Path from, int strip) implements Source {}

  /** A container image: an OCI image layout, as a directory or in a tar file, or docker save's. */
  record Oci(Path from) implements Source {}

  /** A squashfs file, as live systems and LTSP have. */
  record Squashfs(Path from) implements Source {}

  /**
   * A machine that is set up as all nodes should be.
   *
   * @param host as ssh takes it; empty for this machine
   * @param exclude what is left out beside what belongs to the machine itself
   * @param also file systems mounted below / that are taken too
   */
  record Host(Optional<String> host, List<String> exclude, List<Path> also) implements Source {}

  /** What is read, if it is a file or directory of this machine. */
  default Optional<Path> input() {
    return switch (this) {
      case Debian _, Host _ -> Optional.empty();
      case Directory(Path from) -> Optional.of(from);
      case Tar(Path from, _) -> Optional.of(from);
      case Oci(Path from) -> Optional.of(from);
      case Squashfs(Path from) -> Optional.of(from);
    };
  }
}
