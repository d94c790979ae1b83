package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Our two columns against the kernel headers of this machine, where it has them. */
final class SystemCallTest {
  private static final Pattern DEFINE =
      Pattern.compile("(?m)^#define __NR(?:3264)?_(\\w+)\\s+(\\d+)");

  private static Map<String, Integer> numbers(String header) throws Exception {
    Path path = Path.of(header);
    assumeTrue(Files.exists(path), "SKIPPED: needs " + path + " (linux-libc-dev)");
    Map<String, Integer> numbers = new HashMap<>();
    Matcher defines = DEFINE.matcher(Files.readString(path));
    while (defines.find()) {
      numbers.put(defines.group(1), Integer.parseInt(defines.group(2)));
    }
    return numbers;
  }

  @Test
  void the_x86_64_column_is_that_of_the_headers() throws Exception {
    Map<String, Integer> known = numbers("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
    for (SystemCall call : SystemCall.values()) {
      assertThat(call.numberOn(Architecture.X86_64))
          .as(call.manualName())
          .isEqualTo(known.get(call.manualName()));
    }
  }

  @Test
  void the_aarch64_column_is_that_of_the_generic_headers() throws Exception {
    Map<String, Integer> known = numbers("/usr/include/asm-generic/unistd.h");
    for (SystemCall call : SystemCall.values()) {
      assertThat(call.numberOn(Architecture.AARCH64))
          .as(call.manualName())
          .isEqualTo(known.get(call.manualName()));
    }
  }

  @Test
  void another_machine_is_named_in_the_refusal() {
    assertThat(Architecture.of("arm64")).isEqualTo(Architecture.AARCH64);
    assertThat(Architecture.of("AMD64")).isEqualTo(Architecture.X86_64);
    assertThatThrownBy(() -> Architecture.of("riscv64"))
        .hasMessage("linux-calls knows x86-64 and aarch64, and this machine is 'riscv64'");
  }
}
