package org.krgboot.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitrdFileTest {
  @TempDir Path directory;

  private static void entry(OutputStream out, String name, String content) throws IOException {
    String header = "070701" + "00000000".repeat(6);
    header += String.format("%08X", content.length()) + "00000000".repeat(4);
    header += String.format("%08X", name.length() + 1) + "00000000";
    out.write(header.getBytes(StandardCharsets.US_ASCII));
    out.write((name + "\0").getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[-(header.length() + name.length() + 1) & 3]);
    out.write(content.getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[-content.length() & 3]);
  }

  private static byte[] archive(String... names) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String name : names) {
      entry(out, name, "content of " + name);
    }
    entry(out, "TRAILER!!!", "");
    out.write(new byte[512 - out.size() % 512]);
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] together(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }

  private static Set<String> names(byte[] bytes) throws IOException {
    Set<String> names = new HashSet<>();
    InitrdFile.read(new ByteArrayInputStream(bytes), names);
    return names;
  }

  @Test
  void microcode_before_a_compressed_archive_is_passed() throws IOException {
    assertThat(names(together(archive("kernel/x86/microcode"), gzip(archive("init", "bin/sh")))))
        .containsExactlyInAnyOrder("kernel/x86/microcode", "init", "bin/sh");
  }

  @Test
  void one_that_is_compressed_by_another_program_is_read_through_it() throws Exception {
    Path plain = Files.write(directory.resolve("plain"), archive("init", "nfs.ko"));
    for (String program : new String[] {"xz", "zstd"}) {
      assumeTrue(
          Files.isExecutable(Path.of("/usr/bin", program)),
          "SKIPPED: `" + program + "` is missing (package " + program + ")");
      Path packed = directory.resolve(program);
      Process process =
          new ProcessBuilder(program, "-c", plain.toString())
              .redirectOutput(packed.toFile())
              .start();
      assertThat(process.waitFor()).isZero();
      assertThat(InitrdFile.names(packed)).containsExactlyInAnyOrder("init", "nfs.ko");
    }
  }

  @Test
  void what_is_no_initrd_is_told() throws IOException {
    byte[] whole = archive("init");
    assertThatThrownBy(() -> names("MZ is a program".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no known compression");
    assertThatThrownBy(() -> names(java.util.Arrays.copyOf(whole, 120)))
        .isInstanceOf(IOException.class);
    assertThat(names(new byte[0])).isEmpty();
  }

  @FuzzTest
  void any_bytes_give_names_or_a_refusal(byte[] bytes) {
    tried(bytes);
  }

  @Test
  void any_bytes_behind_a_header_give_names_or_a_refusal() throws IOException {
    Random random = new Random(8);
    byte[] whole = archive("init", "bin/sh");
    for (int i = 0; i < 5000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      tried(damaged);
    }
  }

  /** Other compressions run a program; they have a test of their own. */
  private static void tried(byte[] bytes) {
    if (bytes.length > 1 && bytes[0] != '0' && bytes[0] != 0x1f) {
      return;
    }
    try {
      assertThat(names(bytes).size()).isLessThan(200_001);
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }
}
