package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** What real clients sent, see {@code captured.txt}. */
class CapturedPacketsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "dhclient-4.4.3-discover, DISCOVER, 52:54:00:91:00:02, ''",
    "dhclient-4.4.3-request, REQUEST, 52:54:00:91:00:02, ''",
    "udhcpc-1.35-discover, DISCOVER, 52:54:00:91:00:02, udhcp 1.35.0",
    "udhcpc-1.35-request, REQUEST, 52:54:00:91:00:02, udhcp 1.35.0",
    "qemu-ipxe-rom-discover, DISCOVER, 52:54:00:91:00:77, iPXE",
    "qemu-ipxe-rom-request, REQUEST, 52:54:00:91:00:77, iPXE",
    "linux-6.1-discover, DISCOVER, 52:54:00:6b:00:10, ''",
    "linux-2.6.30-discover, DISCOVER, 52:54:00:12:35:01, ''",
  })
  void a_captured_packet_is_understood_and_answered(
      String name, MessageType type, String mac, String client) throws IOException {
    DhcpRequest request = (DhcpRequest) DhcpCodec.decode(Unpooled.wrappedBuffer(captured(name)));
    assertThat(request.type()).isEqualTo(type);
    assertThat(request.mac()).isEqualTo(MacAddress.parse(mac));
    assertThat(request.client()).isEqualTo(client);
    DhcpConfig config =
        Cluster.ofTheHowTo().on("10.91.0.0/24", "10.91.0.1", "10.91.0.101-10.91.0.199").config();
    Arrival arrival = new Arrival(Ipv4.parse("10.91.0.1"), Arrival.Cast.TO_ALL, 68);
    Answer answer = DhcpEngine.decide(request, arrival, World.of(config, List.of()), NOW);
    DhcpReply reply = ((Answer.Reply) answer.outcome()).reply();
    assertThat(reply.type())
        .isEqualTo(type == MessageType.DISCOVER ? MessageType.OFFER : MessageType.ACK);
    assertThat(reply.options().has(OptionCode.IPXE)).isEqualTo(client.equals("iPXE"));
    assertThat(reply.bootFile()).isEqualTo("pxelinux.0");
  }

  private static byte[] captured(String name) throws IOException {
    try (InputStream in = CapturedPacketsTest.class.getResourceAsStream("captured.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .map(line -> HexFormat.of().parseHex(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Nothing in its request says who it is; that it is the kernel, it need not say. */
  @ParameterizedTest
  @ValueSource(strings = {"linux-6.1-request", "linux-2.6.30-request"})
  void the_kernel_is_told_its_root_and_its_name(String name) throws IOException {
    DhcpRequest request = (DhcpRequest) DhcpCodec.decode(Unpooled.wrappedBuffer(captured(name)));
    assertThat(request.requestedAddress()).contains(Ipv4.parse("10.11.12.101"));
    Answer answer =
        DhcpEngine.decide(
            request, Cluster.ARRIVAL, World.of(Cluster.ofTheHowTo().config(), List.of()), NOW);
    DhcpReply ack = ((Answer.Reply) answer.outcome()).reply();
    assertThat(ack.type()).isEqualTo(MessageType.ACK);
    assertThat(new String(ack.options().bytes(17), StandardCharsets.US_ASCII))
        .startsWith("10.11.12.1:/NFSROOT/kerrighed,v3,tcp,");
    assertThat(new String(ack.options().bytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("krgnode101");
    assertThat(ack.nextServer()).hasToString("10.11.12.1");
  }
}
