package org.krgboot.kernels;

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
import org.krgboot.kernels.KernelManifest.Output;

/** Files with the marks of a kernel, and results of builds made of them; no node could boot one. */
final class FakeKernel {
  static final String RELEASE = "6.1.0-krg3.0.0";

  private FakeKernel() {}

  /** A bzImage's first two sectors and a body. */
  static byte[] image(String release, String body) {
    byte[] text = body.getBytes(StandardCharsets.UTF_8);
    int paragraphs = (text.length + 15) / 16;
    ByteBuffer image = ByteBuffer.allocate(1024 + 16 * paragraphs).order(ByteOrder.LITTLE_ENDIAN);
    image.put(0x1f1, (byte) 1);
    image.putInt(0x1f4, paragraphs);
    image.putShort(0x1fe, (short) 0xaa55);
    image.putInt(0x202, 0x53726448);
    image.putShort(0x206, (short) 0x020f);
    image.putShort(0x20e, (short) 0x100);
    image.put(0x211, (byte) 1);
    image.put(0x300, (release + " (me@here) #1 SMP").getBytes(StandardCharsets.US_ASCII));
    image.put(1024, text);
    return image.array();
  }

  /** A plain cpio archive ("new ASCII") of empty files. */
  static byte[] initrd(String... names) {
    StringBuilder archive = new StringBuilder();
    for (String name : (String.join(" ", names) + " TRAILER!!!").split(" ")) {
      String header =
          "070701" + "00000000".repeat(11) + String.format("%08X", name.length() + 1) + "00000000";
      archive.append(header).append(name).append('\0');
      archive.append("\0".repeat(-archive.length() & 3));
    }
    return archive.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** What a build leaves. */
  static Path result(Path directory, String release, String body) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("vmlinuz"), image(release, body));
    Files.writeString(directory.resolve("config"), "CONFIG_ROOT_NFS=y\n");
    Files.writeString(directory.resolve("System.map"), "ffffffff81000000 T _text\n");
    describe(directory, release);
    return directory;
  }

  /** Writes the manifest of what is there. */
  static void describe(Path directory, String release) throws IOException {
    List<Output> outputs = new ArrayList<>();
    for (String file : List.of("vmlinuz", "config", "System.map", "initrd.img")) {
      if (Files.exists(directory.resolve(file))) {
        outputs.add(Output.of(directory, file));
      }
    }
    new KernelManifest(
            "small",
            release,
            List.of(new KernelManifest.Input("linux.tar.xz", "00".repeat(32))),
            outputs,
            Output.of(directory, "config").sha256(),
            "gcc (Debian 12.2.0) 12.2.0",
            Instant.parse("2026-11-22T14:00:00Z"),
            Optional.empty())
        .write(directory);
  }
}
