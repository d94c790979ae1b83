package org.krgboot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class Icmp6SocketTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final int SOLICITATION = 133;
  private static final int ADVERTISEMENT = 134;
  private static final int IFA_F_TENTATIVE = 0x40; // linux/if_addr.h
  private static final byte[] MESSAGE = {(byte) SOLICITATION, 0, 0, 0, 0, 0, 0, 0};

  private static Inet6Address address(String text) throws Exception {
    return (Inet6Address) InetAddress.getByName(text);
  }

  /** Two ends of a wire with link-local addresses that are not tested for duplicates first. */
  private static void wire() throws Exception {
    Path tested = Path.of("/proc/sys/net/ipv6/conf/default/accept_dad");
    assumeTrue(Files.exists(tested), "SKIPPED: needs a kernel with IPv6");
    Files.writeString(tested, "0");
    OwnNetwork.ip("link", "add", "boot0", "type", "veth", "peer", "name", "node0");
    OwnNetwork.ip("link", "set", "boot0", "address", "52:54:00:00:00:01", "up");
    OwnNetwork.ip("link", "set", "node0", "address", "52:54:00:00:00:02", "up");
    waitForAddresses();
  }

  /**
   * The kernel gives the addresses when it has noticed the carrier, which may be a little later.
   */
  private static void waitForAddresses() throws Exception {
    for (int tries = 0; tries < 400; tries++) {
      // One line an address: address, index, prefix length, scope, flags, interface.
      List<String> usable =
          Files.readAllLines(Path.of("/proc/thread-self/net/if_inet6")).stream()
              .filter(line -> line.startsWith("fe80") && (flags(line) & IFA_F_TENTATIVE) == 0)
              .toList();
      if (usable.size() == 2) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the wire's ends got no link-local addresses");
  }

  private static int flags(String line) {
    return Integer.parseInt(line.split(" +")[4], 16);
  }

  @Test
  void a_message_to_a_group_arrives_with_its_source_and_hop_limit() throws Exception {
    Icmp6Packet packet =
        OwnNetwork.in(() -> {
          wire();
          try (Icmp6Socket router = Icmp6Socket.open("boot0", LONG, Set.of(SOLICITATION));
              Icmp6Socket node = Icmp6Socket.open("node0", LONG, Set.of())) {
            router.join(address("ff02::2"));
            node.send(MESSAGE, address("ff02::2"));
            return router.receive().orElseThrow();
          }
        });
    assertThat(packet.hopLimit()).isEqualTo(255);
    assertThat(packet.source()).isEqualTo(address("fe80::5054:ff:fe00:2"));
    assertThat(packet.source().getScopeId()).isPositive();
    assertThat(packet.bytes()).startsWith(SOLICITATION, 0).hasSize(8);
  }

  @Test
  void other_types_and_other_interfaces_are_not_heard() throws Exception {
    boolean heard =
        OwnNetwork.in(() -> {
          wire();
          try (Icmp6Socket deaf = Icmp6Socket.open("boot0", SHORT, Set.of(ADVERTISEMENT));
              Icmp6Socket elsewhere = Icmp6Socket.open("node0", SHORT, Set.of(SOLICITATION));
              Icmp6Socket router = Icmp6Socket.open("boot0", LONG, Set.of(SOLICITATION));
              Icmp6Socket node = Icmp6Socket.open("node0", LONG, Set.of())) {
            for (Icmp6Socket socket : new Icmp6Socket[] {deaf, router}) {
              socket.join(address("ff02::2"));
            }
            node.send(MESSAGE, address("ff02::2"));
            router.receive().orElseThrow(); // it is there, so the others had their chance
            return deaf.receive().isPresent() || elsewhere.receive().isPresent();
          }
        });
    assertThat(heard).isFalse();
  }

  @Test
  void a_receiver_is_woken_for_good() throws Exception {
    OwnNetwork.in(() -> {
      wire();
      try (Icmp6Socket socket = Icmp6Socket.open("boot0", Duration.ofDays(1), Set.of(134))) {
        CountDownLatch begun = new CountDownLatch(1);
        Thread receiver =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    begun.countDown();
                    assertThat(socket.receive()).isEmpty();
                  } catch (LinuxException e) {
                    throw new AssertionError(e);
                  }
                });
        begun.await();
        socket.wake();
        receiver.join();
        assertThat(socket.receive()).isEmpty();
      }
      return true;
    });
  }

  @Test
  void an_unknown_interface_is_refused() {
    Here.needs(Capability.NET_RAW);
    assertThatThrownBy(() -> Icmp6Socket.open("none0", SHORT, Set.of()))
        .hasMessage("setsockopt: ENODEV (19)");
    assertThatThrownBy(() -> Icmp6Socket.open("x".repeat(16), SHORT, Set.of()))
        .hasMessage("SO_BINDTODEVICE: EINVAL (22)");
  }

  @Test
  void without_the_right_to_raw_sockets_it_is_refused() throws Exception {
    Here.needs(Capability.NET_RAW);
    assertThatThrownBy(() ->
            OwnNetwork.in(() -> {
              DroppedRights.dropAll();
              return Icmp6Socket.open("lo", SHORT, Set.of());
            }))
        .hasRootCauseMessage("socket: EPERM (1)");
  }

  @Test
  void a_message_longer_than_a_packet_is_refused() throws Exception {
    Here.needs(Capability.NET_RAW);
    try (Icmp6Socket socket = Icmp6Socket.open("lo", SHORT, Set.of())) {
      assertThatThrownBy(() -> socket.send(new byte[4000], address("::1")))
          .hasMessage("sendmsg: EMSGSIZE (90)");
    }
  }
}
