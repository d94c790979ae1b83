package org.krgboot.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A node root that has all that is looked for, and nothing that runs. */
record FakeRoot(Path root) {
  static final String KERNEL = "vmlinuz-6.1";
  static final String INITRD = "initrd.img-6.1";

  private static final List<String> FILES =
      List.of(
          "boot/" + KERNEL,
          "sbin/init",
          "sbin/agetty",
          "etc/fstab",
          "etc/passwd",
          "usr/lib/modules/6.1/modules.builtin");
  private static final List<String> MODULES =
      List.of(
          "usr/lib/modules/6.1/kernel/drivers/net/virtio_net.ko",
          "usr/lib/modules/6.1/kernel/fs/nfs/nfs.ko",
          "usr/lib/modules/6.1/kernel/fs/nfs/nfsv3.ko");

  static FakeRoot make(Path root) throws IOException {
    for (String file : FILES) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), file);
    }
    Files.write(root.resolve("boot/" + INITRD), initrd());
    return new FakeRoot(root);
  }

  private static byte[] initrd() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      for (String name : MODULES) {
        entry(out, name);
      }
      entry(out, "TRAILER!!!");
    }
    return bytes.toByteArray();
  }

  /** One empty file, in cpio's "new ASCII" format. */
  private static void entry(OutputStream out, String name) throws IOException {
    String header =
        "070701" + "00000000".repeat(11) + String.format("%08X", name.length() + 1) + "00000000";
    out.write((header + name + "\0").getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[-(header.length() + name.length() + 1) & 3]);
  }

  /** A directory of boot files that does without the distribution's packages. */
  static Path bootFiles(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : new String[] {"pxelinux.0", "ldlinux.c32"}) {
      Path real = Path.of("/usr/lib/PXELINUX", name);
      if (Files.exists(real)) {
        Files.copy(real, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.write(directory.resolve(name), new byte[40_000]);
      }
    }
    return directory;
  }
}
