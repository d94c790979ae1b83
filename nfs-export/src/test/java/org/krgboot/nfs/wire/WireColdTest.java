package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What is not in memory is answered too, by a thread that nobody else waits for. */
final class WireColdTest extends WireTest {
  private static final byte[] CONTENT = "content".repeat(30_000).getBytes();

  private long waited() {
    return served.counters().get("nfs.not-cached");
  }

  @Test
  void names_and_data_that_are_only_on_the_disk_are_handed_over_once() throws Exception {
    try (Disk disk = Disk.ext4(exported, path.resolve("image"), 16 << 20)) {
      Files.createDirectory(exported.resolve("d"));
      Files.write(exported.resolve("d/f"), CONTENT);
      stop();
      disk.mountAnew();
      serve(exports());
      long before = waited();
      byte[] d = root.lookup(top, "d").handle();
      byte[] f = root.lookup(d, "f").handle();
      assertThat(waited()).as("of a cold name").isEqualTo(before + 2);
      assertThat(root.lookup(d, "g").status()).isEqualTo(Status.NOENT);
      assertThat(root.read(f, 0, 1 << 20).bytes()).isEqualTo(CONTENT);
      long warm = waited();
      assertThat(warm).as("of cold data").isGreaterThan(before + 2);
      assertThat(root.lookup(d, "f").handle()).isEqualTo(f);
      assertThat(root.lookup(d, "g").status()).isEqualTo(Status.NOENT);
      assertThat(root.read(f, 0, 1 << 20).bytes()).isEqualTo(CONTENT);
      assertThat(root.getattr(f).status()).isEqualTo(Status.OK);
      assertThat(waited()).as("of what is in memory").isEqualTo(warm);
      assertThat(served.counters())
          .containsEntry("nfs.calls.lookup", 5L)
          .containsEntry("nfs.calls.read", 2L);
      stop();
      served = null;
    }
  }

  @Test
  void a_handle_whose_file_is_not_open_is_handed_over_and_a_forged_one_is_not() throws Exception {
    byte[] f = file("f", 0644);
    restart();
    long before = waited();
    assertThat(root.getattr(f).status()).isEqualTo(Status.OK);
    assertThat(waited()).isEqualTo(before + 1);
    assertThat(root.getattr(f).status()).isEqualTo(Status.OK);
    assertThat(waited()).isEqualTo(before + 1);
    byte[] forged = f.clone();
    forged[12] ^= 1;
    assertThat(root.getattr(forged).status()).isEqualTo(Status.BADHANDLE);
    assertThat(waited()).isEqualTo(before + 1);
  }
}
