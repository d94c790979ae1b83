package org.krgboot.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final MountTable TABLE =
      MountTable.parse(
          """
          22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
          40 22 0:30 / /srv/my\\040disk rw,nosuid,nodev,noexec - ext4 /dev/vdb rw
          41 22 0:31 / /srv/my\\040disk/inner ro - tmpfs tmpfs rw
          """);

  @Test
  void a_path_lies_on_the_deepest_mount_above_it() {
    assertThat(TABLE.of(Path.of("/srv/my disk/root")).orElseThrow().options())
        .contains("nodev", "noexec");
    assertThat(TABLE.of(Path.of("/srv/my disk/inner/x")).orElseThrow().options())
        .containsExactly("ro");
    assertThat(TABLE.of(Path.of("/srv/my diskette")).orElseThrow().at()).isEqualTo(Path.of("/"));
  }

  @Test
  void mounts_below_a_directory_are_found() {
    assertThat(TABLE.below(Path.of("/srv")))
        .containsExactly(Path.of("/srv/my disk"), Path.of("/srv/my disk/inner"));
    assertThat(TABLE.below(Path.of("/srv/my"))).isEmpty();
  }
}
