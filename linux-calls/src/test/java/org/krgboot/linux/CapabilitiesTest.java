package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CapabilitiesTest {
  @Test
  void the_effective_line_is_read_as_bits() {
    Capabilities rights =
        Capabilities.parse(
            List.of("Name:\tjava", "CapPrm:\tffffffffffffffff", "CapEff:\t0000000008000404"));
    assertThat(rights.has(Capability.MKNOD)).isTrue();
    assertThat(rights.has(Capability.NET_BIND_SERVICE)).isTrue();
    assertThat(rights.has(Capability.DAC_READ_SEARCH)).isTrue();
    assertThat(rights.has(Capability.SETUID)).isFalse();
  }

  @Test
  void a_status_without_the_line_grants_nothing() {
    assertThat(Capabilities.parse(List.of("Name:\tjava")).effective()).isZero();
  }
}
