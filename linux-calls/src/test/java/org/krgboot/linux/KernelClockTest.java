package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class KernelClockTest {
  @Test
  void the_kernel_says_whether_its_clock_is_kept_and_says_the_same_again() {
    assertThatCode(
            () -> assertThat(KernelClock.isSynchronized()).isEqualTo(KernelClock.isSynchronized()))
        .doesNotThrowAnyException();
  }
}
