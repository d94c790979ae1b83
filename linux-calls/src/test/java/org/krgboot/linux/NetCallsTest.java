package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class NetCallsTest {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final byte[] MAC = {0x52, 0x54, 0, 0x12, 0x34, (byte) 0xfe};

  /** Runs where the network is its own: the namespace ends with the thread. */
  private static <T> T inOwnNetwork(Callable<T> work) throws Exception {
    Here.needs(Capability.SYS_ADMIN, Capability.NET_ADMIN);
    assumeTrue(Files.isExecutable(Path.of("/sbin/ip")), "SKIPPED: needs /sbin/ip (iproute2)");
    FutureTask<T> task =
        new FutureTask<>(() -> {
          Scratch.mine().call(SystemCall.UNSHARE, CLONE_NEWNET);
          return work.call();
        });
    Thread.ofPlatform().start(task);
    return task.get();
  }

  private static void ip(String... words) throws Exception {
    String[] command = new String[words.length + 1];
    command[0] = "/sbin/ip";
    System.arraycopy(words, 0, command, 1, words.length);
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    assumeTrue(exit == 0, "SKIPPED: this kernel cannot do: ip " + String.join(" ", words));
  }

  @Test
  void the_kernel_knows_a_neighbour_that_we_told_it_of() throws Exception {
    String table =
        inOwnNetwork(() -> {
          ip("link", "add", "boot0", "type", "veth", "peer", "name", "node0");
          ip("addr", "add", "10.11.12.1/24", "dev", "boot0");
          ip("link", "set", "boot0", "up");
          ip("link", "set", "node0", "up");
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
