package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class NetCallsTest {
  private static final byte[] MAC = {0x52, 0x54, 0, 0x12, 0x34, (byte) 0xfe};

  @Test
  void the_kernel_knows_a_neighbour_that_we_told_it_of() throws Exception {
    String table =
        OwnNetwork.in(() -> {
          OwnNetwork.ip("link", "add", "boot0", "type", "veth", "peer", "name", "node0");
          OwnNetwork.ip("addr", "add", "10.11.12.1/24", "dev", "boot0");
          OwnNetwork.ip("link", "set", "boot0", "up");
          OwnNetwork.ip("link", "set", "node0", "up");
          NetCalls.setArp("boot0", 10 << 24 | 11 << 16 | 12 << 8 | 107, MAC);
          return Files.readString(Path.of("/proc/thread-self/net/arp"));
        });
    assertThat(table).containsPattern("10\\.11\\.12\\.107 .* 52:54:00:12:34:fe .* boot0");
  }

  @Test
  void an_unknown_interface_is_refused() {
    Here.needs(Capability.NET_ADMIN);
    assertThatThrownBy(() -> NetCalls.setArp("none0", 0x0a0b0c0d, MAC))
        .hasMessage("ioctl: ENODEV (19)");
  }

  @Test
  void a_name_longer_than_an_interface_can_have_is_refused() {
    assertThatThrownBy(() -> NetCalls.setArp("x".repeat(16), 0, MAC))
        .hasMessage("SIOCSARP: EINVAL (22)");
  }
}
