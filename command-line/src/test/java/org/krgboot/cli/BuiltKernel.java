package org.krgboot.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.kernels.KernelManifest.Output;

/** What a build leaves, in small: it has the marks of a kernel, and no node could boot it. */
final class BuiltKernel {
  private static final int KERNEL_SIZE = 9_000;

  private BuiltKernel() {}

  /** With an initrd that bears the same mark. */
  static Path make(Path directory, String release, String mark) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("vmlinuz"), image(release, mark));
    Files.writeString(directory.resolve("config"), "CONFIG_ROOT_NFS=y\n");
    Files.write(directory.resolve("initrd.img"), initrd(mark));
    List<Output> outputs = new ArrayList<>();
    for (String file : List.of("vmlinuz", "config", "initrd.img")) {
      outputs.add(Output.of(directory, file));
    }
    new KernelManifest(
            "small",
            release,
            List.of(),
            outputs,
            Output.of(directory, "config").sha256(),
            "gcc 12.2.0",
            Instant.parse("2026-11-22T14:00:00Z"),
            Optional.empty())
        .write(directory);
    return directory;
  }

  private static byte[] image(String release, String mark) {
    ByteBuffer image = ByteBuffer.allocate(1024 + KERNEL_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    image.put(0x1f1, (byte) 1).putInt(0x1f4, KERNEL_SIZE / 16).putShort(0x1fe, (short) 0xaa55);
    image.putInt(0x202, 0x53726448).putShort(0x206, (short) 0x020f).put(0x211, (byte) 1);
    image.putShort(0x20e, (short) 0x100);
    image.put(0x300, (release + " (me@here)").getBytes(StandardCharsets.US_ASCII));
    image.put(1024, (mark + "\n").getBytes(StandardCharsets.US_ASCII));
    return image.array();
  }

  /** One file of that name, in cpio's "new ASCII" format, several times as long as a TFTP block. */
  private static byte[] initrd(String mark) {
    StringBuilder archive = new StringBuilder();
    for (String name : (mark + " filler".repeat(60) + " TRAILER!!!").split(" ")) {
      String header =
          "070701" + "00000000".repeat(11) + String.format("%08X", name.length() + 1) + "00000000";
      archive.append(header).append(name).append('\0');
      archive.append("\0".repeat(-archive.length() & 3));
    }
    return archive.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
