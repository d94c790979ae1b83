package org.krgboot.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes give an inventory or a refusal. */
class TarReaderFuzzTest {
  @FuzzTest
  void any_bytes_are_an_archive_or_refused(byte[] bytes) {
    decode(bytes);
  }

  @FuzzTest
  void any_text_is_an_inventory_or_refused(byte[] bytes) {
    try {
      var _ = Inventory.parse(new String(bytes, StandardCharsets.US_ASCII));
    } catch (IOException refused) {
      assertThat(refused).hasMessageContaining("damaged");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void random_headers_with_right_sums_do_no_harm(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = new byte[512 * (1 + random.nextInt(4))];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = (byte) "0123457xgKpath=size \0\n/.\u0080\u00ff".charAt(random.nextInt(24));
      }
      bytes[0] = 'f';
      bytes[156] = (byte) "0123456xg".charAt(random.nextInt(9));
      long sum = 0;
      for (int at = 0; at < 512; at++) {
        sum += at >= 148 && at < 156 ? ' ' : bytes[at] & 0xff;
      }
      byte[] digits = (Long.toOctalString(sum) + "\0 ").getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(digits, 0, bytes, 148, Math.min(8, digits.length));
      decode(bytes);
    }
  }

  private static void decode(byte[] bytes) {
    try {
      var _ = Inventory.ofArchive(new ByteArrayInputStream(bytes));
    } catch (IOException refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }
}
