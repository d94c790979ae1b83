package org.krgboot.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a plan says of sources. */
final class Sources {
  /** Of a golden host: what is no file of a root, or would be copied into itself. */
  static final List<String> OF_THE_MACHINE =
      List.of(
          "proc/*",
          "sys/*",
          "dev/*",
          "run/*",
          "tmp/*",
          "var/tmp/*",
          "var/cache/apt/archives/*.deb",
          "var/lib/krgboot/*",
          "NFSROOT/*",
          "swapfile",
          "lost+found");

  private Sources() {}

  static String shown(Source source) {
    return switch (source) {
      case Source.Debian(String suite, _, _) -> "Debian " + suite + "'s packages (1 to 3 minutes)";
      case Source.Directory(Path from) -> "a copy of " + from;
      case Source.Tar(Path from, _) -> "the archive " + from;
      case Source.Oci(Path from) -> "the container image " + from;
      case Source.Squashfs(Path from) -> "the squashfs " + from;
      case Source.Host(Optional<String> host, _, _) ->
          "the running system of " + host.orElse("this machine");
    };
  }

  /** One line that tells what a root is made from. */
  static String described(Source source) {
    return switch (source) {
      case Source.Debian(String suite, Optional<String> mirror, RootRecipe.Size size) ->
          "debian " + suite + " " + size + " from " + mirror.orElse("this machine's mirror");
      case Source.Directory _, Source.Tar _, Source.Oci _, Source.Squashfs _, Source.Host _ ->
          shown(source);
    };
  }
}
