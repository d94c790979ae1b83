package org.krgboot.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelImageTest {
  @TempDir Path here;

  private KernelImage read(byte[] bytes) throws IOException {
    return KernelImage.read(Files.write(here.resolve("vmlinuz"), bytes));
  }

  @Test
  void the_header_names_release_and_builder() throws IOException {
    KernelImage image = read(FakeKernel.image("2.6.30-krg3.0.0", "body"));
    assertThat(image.release()).isEqualTo("2.6.30-krg3.0.0");
    assertThat(image.version()).isEqualTo("2.6.30-krg3.0.0 (me@here) #1 SMP");
    assertThat(image.protocol()).isEqualTo(0x020f);
  }

  @Test
  void this_machines_own_kernel_is_read_as_uname_calls_it() throws IOException {
    Path kernel = Path.of("/boot/vmlinuz-" + System.getProperty("os.version"));
    Assumptions.assumeTrue(Files.isReadable(kernel), "there is no " + kernel);
    assertThat(KernelImage.read(kernel).release()).isEqualTo(System.getProperty("os.version"));
  }

  @Test
  void an_elf_file_is_refused_with_what_to_take_instead() {
    assertThatThrownBy(() -> read(Arrays.copyOf(new byte[] {0x7f, 'E', 'L', 'F'}, 4096)))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("vmlinuz: no \"HdrS\"")
        .hasMessageContaining("arch/x86/boot/bzImage");
  }

  @Test
  void a_kernel_that_was_cut_off_is_refused() {
    byte[] whole = FakeKernel.image(FakeKernel.RELEASE, "body".repeat(100));
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 64)))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("cut off");
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, 300))).hasMessageContaining("HdrS");
  }

  @Test
  void a_link_or_a_directory_is_no_kernel() throws IOException {
    Files.write(here.resolve("real"), FakeKernel.image(FakeKernel.RELEASE, "body"));
    Path link = Files.createSymbolicLink(here.resolve("link"), Path.of("real"));
    assertThatThrownBy(() -> KernelImage.read(link)).hasMessageContaining("no regular file");
    assertThatThrownBy(() -> KernelImage.read(here)).hasMessageContaining("no regular file");
  }

  @FuzzTest
  void any_bytes_are_a_kernel_or_refused(byte[] bytes) {
    decode(bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damaged_headers_do_no_harm(long seed) {
    Random random = new Random(seed);
    byte[] good = FakeKernel.image(FakeKernel.RELEASE, "body");
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int n = random.nextInt(8); n > 0 && bytes.length > 0x1f0; n--) {
        bytes[0x1f0 + random.nextInt(bytes.length - 0x1f0)] = (byte) random.nextInt(256);
      }
      decode(bytes);
    }
  }

  private static void decode(byte[] bytes) {
    try {
      assertThat(KernelImage.parse(bytes, bytes.length).release()).matches("[0-9][!-~]{0,63}");
    } catch (KernelException refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }
}
