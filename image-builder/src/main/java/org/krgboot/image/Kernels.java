package org.krgboot.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Kernels and their initrds in a root's /boot. */
final class Kernels {
  private static final String NAME = "vmlinuz-";

  private Kernels() {}

  /** Releases, oldest first by name. */
  static List<String> of(Path root) throws IOException {
    Path boot = root.resolve("boot");
    if (!Files.isDirectory(boot, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(boot)) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith(NAME))
          .map(name -> name.substring(NAME.length()))
          .sorted()
          .toList();
    }
  }

  static Path file(Path root, String release) {
    return root.resolve("boot").resolve(NAME + release);
  }

  /** Debian's, the how-to's and dracut's names. */
  static Optional<Path> initrd(Path root, String release) {
    return Stream.of("initrd.img-" + release, "initrd-" + release, "initramfs-" + release + ".img")
        .map(root.resolve("boot")::resolve)
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .findFirst();
  }

  /**
   * The release that an x86 kernel itself says (Documentation/arch/x86/boot.rst, kernel_version).
   *
   * @return empty if the file has no such header
   */
  static Optional<String> releaseIn(Path kernel) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(kernel)) {
      head = in.readNBytes(64 << 10);
    }
    boolean header =
        head.length > 0x210
            && new String(head, 0x202, 4, StandardCharsets.ISO_8859_1).equals("HdrS");
    int at = header ? ((head[0x20e] & 0xff) | (head[0x20f] & 0xff) << 8) + 0x200 : head.length;
    int end = at;
    while (end < head.length && head[end] > ' ') {
      end++;
    }
    return end > at && at > 0x200
        ? Optional.of(new String(head, at, end - at, StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }
}
