package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.discover;
import static org.krgboot.dhcp.Packets.inform;
import static org.krgboot.dhcp.Packets.release;
import static org.krgboot.dhcp.Packets.renewing;
import static org.krgboot.dhcp.Packets.request;
import static org.krgboot.dhcp.Packets.selecting;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

class ProxyEngineTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final String OTHER_SERVER = "10.11.12.254";
  private static final ProxyConfig CONFIG =
      new ProxyConfig(
          Ipv4.parse("10.11.12.1"),
          new BootChoice(
              Optional.of("pxelinux.0"),
              Map.of(Architecture.UEFI_X64, "syslinux.efi"),
              Optional.of("http://10.11.12.1/boot.ipxe"),
              Optional.of("http://10.11.12.1/")),
          NameTemplate.ofPrefix("krgnode"));

  private static Packets pxe(Packets packet, int architecture) {
    return packet
        .option(93, 0, architecture)
        .text(60, "PXEClient:Arch:%05d:UNDI:003016".formatted(architecture));
  }

  private static ProxyAnswer at67(Packets packet) {
    return ProxyEngine.decide(packet.decoded(), CONFIG, NOW);
  }

  private static ProxyAnswer at4011(Packets packet) {
    return ProxyEngine.decideAtBootPort(packet.decoded(), CONFIG);
  }

  private static DhcpReply reply(ProxyAnswer answer) {
    return ((ProxyAnswer.Reply) answer).reply();
  }

  private static String text(DhcpReply reply, int code) {
    return new String(reply.options().bytes(code), StandardCharsets.US_ASCII);
  }

  private static ProxyAnswer.Why why(ProxyAnswer answer) {
    return ((ProxyAnswer.Silence) answer).why();
  }

  @Test
  void an_offer_to_firmware_has_a_boot_file_and_no_address() {
    DhcpReply offer = reply(at67(pxe(discover(NODE_1), 0).option(97, new byte[17])));
    assertThat(offer.type()).isEqualTo(MessageType.OFFER);
    assertThat(offer.yours()).isEqualTo(Ipv4.ANY);
    assertThat(offer.nextServer()).hasToString("10.11.12.1");
    assertThat(offer.bootFile()).isEqualTo("pxelinux.0");
    assertThat(text(offer, 60)).isEqualTo("PXEClient");
    assertThat(offer.options().bytes(43)).containsExactly(6, 1, 8, 255);
    assertThat(offer.options().bytes(54)).containsExactly(10, 11, 12, 1);
    assertThat(offer.options().bytes(97)).isEqualTo(new byte[17]);
    assertThat(offer.options().codes()).doesNotContain(1, 3, 51, 58, 59);
  }

  @Test
  void each_architecture_gets_its_own_file() {
    assertThat(reply(at67(pxe(discover(NODE_1), 7))).bootFile()).isEqualTo("syslinux.efi");
    assertThat(why(at67(pxe(discover(NODE_1), 11)))).isEqualTo(ProxyAnswer.Why.NO_BOOT_FILE);
    assertThat(reply(at67(pxe(discover(NODE_1), 0).text(77, "iPXE"))).bootFile())
        .isEqualTo("http://10.11.12.1/boot.ipxe");
  }

  @Test
  void http_boot_gets_a_url_and_its_own_class() {
    Packets packet = discover(NODE_1).option(93, 0, 16).text(60, "HTTPClient:Arch:00016");
    DhcpReply offer = reply(at67(packet));
    assertThat(text(offer, 60)).isEqualTo("HTTPClient");
    assertThat(text(offer, 67)).isEqualTo("http://10.11.12.1/syslinux.efi");
    assertThat(offer.options().has(43)).isFalse();
  }

  @Test
  void what_does_not_boot_from_the_network_hears_nothing() {
    assertThat(why(at67(discover(NODE_1)))).isEqualTo(ProxyAnswer.Why.NOT_FIRMWARE);
    assertThat(why(at67(discover(NODE_1).text(60, "udhcp 1.35.0"))))
        .isEqualTo(ProxyAnswer.Why.NOT_FIRMWARE);
    assertThat(why(at67(discover(NODE_1).text(60, "Linux ipconfig"))))
        .isEqualTo(ProxyAnswer.Why.NOT_FIRMWARE);
  }

  @Test
  void what_concerns_the_other_server_hears_nothing() {
    assertThat(why(at67(renewing(NODE_1, "10.11.12.55")))).isEqualTo(ProxyAnswer.Why.OTHER_SERVER);
    assertThat(why(at67(release(NODE_1, "10.11.12.55", OTHER_SERVER))))
        .isEqualTo(ProxyAnswer.Why.OTHER_SERVER);
    assertThat(why(at67(inform(NODE_1, "10.11.12.55")))).isEqualTo(ProxyAnswer.Why.OTHER_SERVER);
  }

  @Test
  void a_node_that_takes_the_address_of_the_other_server_is_known_by_it() {
    ProxyAnswer answer = at67(pxe(selecting(NODE_1, "10.11.12.55", OTHER_SERVER), 0));
    assertThat(answer)
        .isEqualTo(
            new ProxyAnswer.Seen(
                new BootEvent.AddressAcknowledged(
                    NOW,
                    NODE_1,
                    Ipv4.parse("10.11.12.55"),
                    new NodeName("krgnode55"),
                    "PXEClient")));
  }

  @Test
  void a_relay_would_take_our_offer_for_the_only_one() {
    assertThat(why(at67(pxe(discover(NODE_1), 0).relay("10.11.13.1"))))
        .isEqualTo(ProxyAnswer.Why.RELAYED);
  }

  @Test
  void at_the_boot_port_a_node_with_an_address_gets_the_same_acknowledged() {
    DhcpReply ack = reply(at4011(pxe(request(NODE_1).current("10.11.12.55"), 7)));
    assertThat(ack.type()).isEqualTo(MessageType.ACK);
    assertThat(ack.bootFile()).isEqualTo("syslinux.efi");
    assertThat(ack.current()).hasToString("10.11.12.55");
    assertThat(ack.yours()).isEqualTo(Ipv4.ANY);
    assertThat(reply(at4011(pxe(inform(NODE_1, "10.11.12.55"), 0))).bootFile())
        .isEqualTo("pxelinux.0");
    assertThat(why(at4011(pxe(request(NODE_1), 7)))).isEqualTo(ProxyAnswer.Why.NOTHING_ASKED);
    assertThat(why(at4011(pxe(discover(NODE_1), 7)))).isEqualTo(ProxyAnswer.Why.NOTHING_ASKED);
  }

  @Test
  void a_boot_server_answers_for_the_item_that_it_was_asked_for() {
    Packets packet =
        pxe(request(NODE_1).current("10.11.12.55"), 0).option(43, 71, 4, 0, 0, 0, 0, 255);
    assertThat(reply(at4011(packet)).options().bytes(43))
        .containsExactly(6, 1, 8, 71, 4, 0, 0, 0, 0, 255);
  }

  @Test
  void a_raspberry_pi_finds_the_menu_that_it_looks_for() {
    Packets packet =
        discover(MacAddress.parse("dc:a6:32:00:00:01"))
            .text(60, "PXEClient:Arch:00000:UNDI:002001")
            .option(93, 0, 0);
    byte[] options = reply(at67(packet)).options().bytes(43);
    assertThat(options).hasSize(32).startsWith(6, 1, 3, 10, 4, 0, 'P', 'X', 'E', 9, 20, 0, 0, 17);
    assertThat(new String(options, StandardCharsets.US_ASCII)).contains("Raspberry Pi Boot");
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void random_bytes_give_a_reply_or_nothing(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] tail = new byte[random.nextInt(80)];
      random.nextBytes(tail);
      anyBytesAreHandled(afterPxeDiscover(tail));
    }
  }

  @FuzzTest
  void any_bytes_give_a_reply_or_nothing(byte[] bytes) {
    anyBytesAreHandled(bytes);
    anyBytesAreHandled(afterPxeDiscover(bytes));
  }

  private static byte[] afterPxeDiscover(byte[] tail) {
    byte[] head = pxe(discover(NODE_1), 0).unended();
    byte[] packet = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, packet, head.length, tail.length);
    return packet;
  }

  private static void anyBytesAreHandled(byte[] bytes) {
    if (DhcpCodec.decode(Unpooled.wrappedBuffer(bytes)) instanceof DhcpRequest request) {
      encoded(ProxyEngine.decide(request, CONFIG, NOW));
      encoded(ProxyEngine.decideAtBootPort(request, CONFIG));
    }
  }

  private static void encoded(ProxyAnswer answer) {
    if (answer instanceof ProxyAnswer.Reply(DhcpReply reply)) {
      ByteBuf out = Unpooled.buffer();
      DhcpCodec.encode(reply, out);
      assertThat(out.readableBytes()).isBetween(300, reply.maxPayload());
    }
  }
}
