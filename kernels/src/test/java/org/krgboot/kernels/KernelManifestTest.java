package org.krgboot.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.kernels.KernelManifest.Output;

class KernelManifestTest {
  private static final String HASH = "ab".repeat(32);

  @TempDir Path here;
  private Path result;

  @BeforeEach
  void build() throws IOException {
    result = FakeKernel.result(here.resolve("out"), FakeKernel.RELEASE, "body");
  }

  private static KernelManifest manifest(List<Output> outputs) {
    return new KernelManifest(
        "small", "6.1.0", List.of(), outputs, HASH, "gcc", Instant.EPOCH, Optional.of("quiet"));
  }

  @Test
  void what_was_written_is_read_again() throws IOException {
    KernelManifest written = manifest(List.of(new Output("vmlinuz", HASH, 7)));
    written.write(here);
    assertThat(KernelManifest.read(here)).isEqualTo(written);
    assertThat(Files.readString(here.resolve("manifest.json")))
        .startsWith("{\n  \"name\" : \"small\"");
    try (var list = Files.list(here)) {
      assertThat(list.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("out", "manifest.json");
    }
  }

  @Test
  void a_result_as_it_was_built_is_right() throws IOException {
    KernelManifest.read(result).verify(result);
  }

  @Test
  void each_output_that_is_not_what_was_built_is_named() throws IOException {
    Files.writeString(result.resolve("config"), "CONFIG_ROOT_NFS=n\n");
    Files.delete(result.resolve("System.map"));
    Files.write(result.resolve("vmlinuz"), new byte[3]);
    assertThatThrownBy(() -> KernelManifest.read(result).verify(result))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("vmlinuz has 3 octets")
        .hasMessageContaining("config has the SHA-256")
        .hasMessageContaining("System.map is missing")
        .hasMessageContaining("build it again");
  }

  @Test
  void a_link_is_not_followed_as_a_file_nor_on_the_way() throws IOException {
    Files.move(result.resolve("config"), here.resolve("config"));
    Files.createSymbolicLink(result.resolve("config"), here.resolve("config"));
    assertThatThrownBy(() -> KernelManifest.read(result).verify(result))
        .hasMessageContaining("config is missing, or no regular file");
    Files.createSymbolicLink(result.resolve("up"), here);
    KernelManifest sly =
        manifest(List.of(Output.of(result, "vmlinuz"), Output.of(result, "up/config")));
    assertThatThrownBy(() -> sly.verify(result))
        .hasMessageContaining("up/config is reached by a link");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../vmlinuz", "/etc/shadow", "a/../b", "a//b", "./a", "", "a\nb", "a/."})
  void an_output_outside_of_the_directory_is_refused(String file) {
    assertThatThrownBy(() -> new Output(file, HASH, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("within the directory");
  }

  @Test
  void a_directory_without_a_manifest_is_no_result() {
    assertThatThrownBy(() -> KernelManifest.read(here))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("is not the result of a kernel build");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "null",
        "{\"name\":1}",
        "{\"name\":\"a\",\"release\":\"6.1\",\"inputs\":{}}",
        "{\"name\":\"a\",\"release\":\"6.1\",\"inputs\":[3]}",
        "{\"name\":\"a"
      })
  void a_damaged_manifest_is_refused_with_its_name(String json) throws IOException {
    Files.writeString(here.resolve("manifest.json"), json);
    assertThatThrownBy(() -> KernelManifest.read(here))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("manifest.json is damaged");
  }

  @Test
  void what_a_newer_builder_says_besides_is_left_alone() throws IOException {
    String text = KernelManifest.read(result).text();
    KernelManifest read = KernelManifest.parse(text.replaceFirst("\\{", "{\"seconds\": [1, {}],"));
    assertThat(read).isEqualTo(KernelManifest.read(result));
  }

  @FuzzTest
  void any_text_is_a_manifest_or_refused(byte[] bytes) {
    decode(new String(bytes, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damaged_manifests_do_no_harm(long seed) throws IOException {
    Random random = new Random(seed);
    String good = KernelManifest.read(result).text();
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder(good);
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        text.setCharAt(
            random.nextInt(text.length()),
            "\"{}[],:09az/.\\\u0000\u00ff".charAt(random.nextInt(16)));
      }
      decode(text.toString());
    }
  }

  private static void decode(String text) {
    try {
      KernelManifest read = KernelManifest.parse(text);
      try {
        assertThat(KernelManifest.parse(read.text())).isEqualTo(read);
      } catch (KernelException e) {
        throw new AssertionError("what was read is written so that it can be read", e);
      }
    } catch (KernelException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }
}
