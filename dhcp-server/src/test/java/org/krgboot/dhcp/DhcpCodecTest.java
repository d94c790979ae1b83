package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.discover;
import static org.krgboot.dhcp.Packets.from;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dhcp4java.DHCPPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.model.Ipv4;

class DhcpCodecTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  private static Decoded decode(byte[] bytes) {
    return DhcpCodec.decode(Unpooled.wrappedBuffer(bytes));
  }

  private static DhcpOptions options(Packets packet) {
    return packet.decoded().options();
  }

  private static Decoded.Why refusal(byte[] bytes) {
    return ((Decoded.Refused) decode(bytes)).why();
  }

  private static byte[] encode(DhcpReply reply) {
    ByteBuf out = Unpooled.buffer();
    DhcpCodec.encode(reply, out);
    return ByteBufUtil.getBytes(out);
  }

  private static DhcpReply reply(Packets request, DhcpOptions.Builder options) {
    options.number8(53, 2);
    return DhcpReply.to(request.decoded(), MessageType.OFFER)
        .yours(Ipv4.parse("10.11.12.101"))
        .boot(Cluster.ofTheHowTo().serverName("boot").options(Cluster.SERVER))
        .options(options.build());
  }

  @Test
  void parts_of_an_option_are_joined_in_their_order() {
    DhcpOptions options = options(discover(NODE_1).text(12, "ab").text(60, "x").text(12, "cd"));
    assertThat(options.text(12)).isEqualTo("abcd");
  }

  @Test
  void an_option_over_255_bytes_is_split_and_comes_back_whole() {
    byte[] value = new byte[600];
    new Random(1).nextBytes(value);
    byte[] wire =
        encode(
            reply(
                discover(NODE_1).option(57, 5, 220),
                new DhcpOptions.Builder().number8(53, 2).bytes(43, value)));
    wire[0] = 1;
    wire[242] = 1;
    assertThat(((DhcpRequest) decode(wire)).options().bytes(43)).isEqualTo(value);
    assertThat(wire.length).isGreaterThan(840);
  }

  @Test
  void options_in_the_overloaded_fields_are_read_file_first() {
    Packets packet =
        discover(NODE_1)
            .option(52, 3)
            .text(12, "a")
            .put(108, new byte[] {12, 1, 'b', (byte) 255})
            .put(44, new byte[] {12, 1, 'c', (byte) 255});
    assertThat(options(packet).text(12)).isEqualTo("abc");
  }

  @Test
  void fields_that_are_not_overloaded_are_not_read_as_options() {
    assertThat(options(discover(NODE_1).put(108, new byte[] {12, 1, 'b'})).has(12)).isFalse();
  }

  @Test
  void a_packet_without_end_is_accepted() {
    assertThat(decode(discover(NODE_1).unended())).isInstanceOf(DhcpRequest.class);
  }

  @Test
  void an_option_that_runs_over_the_end_is_refused() {
    byte[] bytes = discover(NODE_1).raw(12, 5, 'a', 'b', 255).unended();
    assertThat(refusal(bytes)).isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(discover(NODE_1).raw(12).unended())).isEqualTo(Decoded.Why.MALFORMED);
    byte[] inFile = discover(NODE_1).option(52, 1).put(108, filled(128, 7)).bytes();
    assertThat(refusal(inFile)).isEqualTo(Decoded.Why.MALFORMED);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void a_padded_request_over_1500_bytes_is_read() {
    byte[] bytes = Arrays.copyOf(discover(NODE_1).text(12, "n").bytes(), 2048);
    assertThat(((DhcpRequest) decode(bytes)).options().text(12)).isEqualTo("n");
  }

  @Test
  void a_reply_is_at_least_300_bytes_and_at_most_what_the_client_takes() {
    assertThat(encode(reply(discover(NODE_1), new DhcpOptions.Builder()))).hasSize(300);
    DhcpOptions.Builder much = new DhcpOptions.Builder().bytes(43, filled(250, 1));
    much.bytes(17, filled(200, 2)).bytes(66, filled(200, 3));
    assertThat(encode(reply(discover(NODE_1), much)).length).isLessThanOrEqualTo(548);
  }

  @Test
  void a_client_that_takes_65535_bytes_gets_no_fragments() {
    DhcpReply reply =
        reply(
            discover(NODE_1).option(57, 255, 255),
            new DhcpOptions.Builder().bytes(43, filled(1400, 1)));
    assertThat(reply.maxPayload()).isEqualTo(1472);
    assertThat(encode(reply)).hasSize(300);
  }

  @Test
  void what_does_not_fit_is_left_out_by_importance() {
    DhcpOptions.Builder much = new DhcpOptions.Builder();
    much.bytes(43, filled(150, 1)).bytes(15, filled(100, 2)).bytes(17, filled(200, 3));
    much.bytes(82, filled(20, 4));
    List<Integer> codes = codes(encode(reply(discover(NODE_1), much)));
    assertThat(codes).containsExactly(17, 53, 82).doesNotContain(43);
  }

  @Test
  void what_does_not_fit_goes_to_the_fields_that_are_free() {
    DhcpOptions.Builder much = new DhcpOptions.Builder();
    much.bytes(43, filled(200, 1)).bytes(17, filled(90, 2)).bytes(42, filled(60, 3));
    much.bytes(150, filled(60, 4)).bytes(151, filled(40, 5));
    byte[] noBootFile =
        encode(
            DhcpReply.to(discover(NODE_1).decoded(), MessageType.OFFER)
                .options(much.number8(53, 2).build()));
    assertThat(noBootFile.length).isLessThanOrEqualTo(548);
    assertThat(codes(noBootFile)).containsExactly(43, 17, 53, 52);
    noBootFile[0] = 1;
    DhcpOptions read = ((DhcpRequest) decode(asDiscover(noBootFile))).options();
    assertThat(read.bytes(150)).isEqualTo(filled(60, 4));
    assertThat(read.bytes(42)).isEqualTo(filled(60, 3));
    assertThat(read.bytes(151)).isEqualTo(filled(40, 5));
    assertThat(read.bytes(52)).containsExactly(3);
  }

  @Test
  void a_boot_file_is_never_displaced_by_options() {
    DhcpOptions.Builder much = new DhcpOptions.Builder();
    much.bytes(43, filled(250, 1)).bytes(17, filled(40, 2)).bytes(150, filled(30, 4));
    byte[] wire = encode(reply(discover(NODE_1), much));
    assertThat(new String(wire, 108, 11, StandardCharsets.US_ASCII)).isEqualTo("pxelinux.0\0");
    assertThat(((DhcpRequest) decode(asDiscover(wire))).options().bytes(52)).containsExactly(2);
    assertThat(((DhcpRequest) decode(asDiscover(wire))).options().bytes(150))
        .isEqualTo(filled(30, 4));
  }

  /** Turned around, since we read only what clients send. */
  private static byte[] asDiscover(byte[] reply) {
    byte[] request = reply.clone();
    request[0] = 1;
    for (int at = 240; request[at] != -1; at += 2 + (request[at + 1] & 0xff)) {
      if (request[at] == 53) {
        request[at + 2] = 1;
      }
    }
    return request;
  }

  @Test
  void an_option_that_says_which_fields_have_options_says_it_right() {
    for (int wrong : new int[] {0, 4, 255}) {
      byte[] bytes = discover(NODE_1).option(52, wrong).bytes();
      assertThat(refusal(bytes)).isEqualTo(Decoded.Why.MALFORMED);
    }
    assertThat(refusal(discover(NODE_1).option(52, 1, 1).bytes())).isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(discover(NODE_1).option(93, 7).bytes())).isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(discover(NODE_1).option(80, 1).bytes())).isEqualTo(Decoded.Why.MALFORMED);
  }

  @Test
  void options_within_an_option_are_read_up_to_its_end() {
    DhcpOptions options = options(discover(NODE_1).option(43, 6, 1, 8, 0, 71, 2, 0, 9, 255, 1, 9));
    assertThat(options.within(43).codes()).containsExactly(6, 71);
    assertThat(options.within(43).bytes(71)).containsExactly(0, 9);
    assertThat(options(discover(NODE_1).option(175, 1, 2)).within(175).codes()).isEmpty();
    assertThat(options(discover(NODE_1).option(175, 19)).within(175).codes()).isEmpty();
    assertThat(options(discover(NODE_1)).within(175).codes()).isEmpty();
  }

  @Test
  void option_82_is_last() {
    DhcpOptions.Builder options = new DhcpOptions.Builder().bytes(82, filled(3, 1));
    options.text(12, "krgnode101").bytes(61, filled(7, 1));
    assertThat(codes(encode(reply(discover(NODE_1), options)))).containsExactly(12, 61, 53, 82);
  }

  private static List<Integer> codes(byte[] wire) {
    var codes = new ArrayList<Integer>();
    for (int at = 240; wire[at] != -1; at += 2 + (wire[at + 1] & 0xff)) {
      codes.add(wire[at] & 0xff);
    }
    return codes;
  }

  @Test
  void new_options_of_pxe_and_ipxe_are_read_like_any_other() {
    DhcpOptions options =
        options(discover(NODE_1).option(93, 0, 7).option(175, 1, 2).option(94, 1));
    assertThat(options.codes()).containsExactly(53, 93, 175, 94);
    assertThat(options.number16(93)).hasValue(7);
  }

  @Test
  void text_of_strangers_is_made_printable() {
    DhcpOptions options = options(discover(NODE_1).option(60, 'a', 10, 0xe9, 'b'));
    assertThat(options.text(60)).isEqualTo("a??b");
  }

  @Test
  void numbers_are_unsigned() {
    assertThat(options(discover(NODE_1).option(57, 255, 255)).number16(57)).hasValue(65535);
    assertThat(discover(NODE_1).put(10, new byte[] {-128, 0}).decoded().flags()).isEqualTo(0x8000);
  }

  @Test
  void refusals_say_what_was_wrong() {
    assertThat(refusal(new byte[235])).isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(new byte[300])).isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(Arrays.copyOf(discover(NODE_1).bytes(), 236))).isEqualTo(Decoded.Why.BOOTP);
    assertThat(refusal(from(NODE_1).bytes())).isEqualTo(Decoded.Why.BOOTP);
    assertThat(refusal(from(NODE_1).option(53).bytes())).isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(from(NODE_1).option(53, 1, 1).bytes())).isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(from(NODE_1).option(53, 9).bytes())).isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(from(NODE_1).option(53, 2).bytes())).isEqualTo(Decoded.Why.FROM_A_SERVER);
    assertThat(refusal(discover(NODE_1).put(0, new byte[] {2}).bytes()))
        .isEqualTo(Decoded.Why.FROM_A_SERVER);
    assertThat(refusal(discover(NODE_1).put(2, new byte[] {16}).bytes()))
        .isEqualTo(Decoded.Why.NOT_ETHERNET);
    assertThat(refusal(discover(NODE_1).put(28, new byte[] {1}).bytes()))
        .isEqualTo(Decoded.Why.NOT_ETHERNET);
    assertThat(refusal(discover(NODE_1).put(24, new byte[] {-1, -1, -1, -1}).bytes()))
        .isEqualTo(Decoded.Why.MALFORMED);
    assertThat(refusal(discover(NODE_1).option(50, 1, 2).bytes())).isEqualTo(Decoded.Why.MALFORMED);
  }

  @Test
  void another_decoder_reads_our_reply_the_same() {
    World world = World.of(Cluster.ofTheHowTo().serverName("boot").config(), List.of());
    DhcpRequest request = discover(NODE_1).option(61, 1, 2, 3).option(82, 1, 1, 9).decoded();
    var answer = (Answer.Reply) DhcpEngine.decide(request, Cluster.ARRIVAL, world, NOW).outcome();
    byte[] wire = encode(answer.reply());
    DHCPPacket read = DHCPPacket.getPacket(wire, 0, wire.length, true);
    assertThat(read.getXid()).isEqualTo(request.xid());
    assertThat(read.getYiaddr().getHostAddress()).isEqualTo("10.11.12.101");
    assertThat(read.getSiaddr().getHostAddress()).isEqualTo("10.11.12.1");
    assertThat(read.getFile()).isEqualTo("pxelinux.0");
    assertThat(read.getSname()).isEqualTo("boot");
    for (int code : answer.reply().options().codes()) {
      assertThat(read.getOptionRaw((byte) code)).isEqualTo(answer.reply().options().bytes(code));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void we_read_another_encoders_request_the_same(long seed) {
    Random random = new Random(seed);
    DHCPPacket packet = new DHCPPacket();
    packet.setOp((byte) 1);
    packet.setHtype((byte) 1);
    packet.setHlen((byte) 6);
    packet.setChaddr(Arrays.copyOf(NODE_1.octets(), 16));
    packet.setXid(random.nextInt());
    packet.setDHCPMessageType((byte) 1);
    for (int i = 0; i < 8; i++) {
      byte[] value = new byte[1 + random.nextInt(60)];
      random.nextBytes(value);
      packet.setOptionRaw((byte) (100 + random.nextInt(100)), value);
    }
    DhcpRequest read = (DhcpRequest) decode(packet.serialize());
    assertThat(read.xid()).isEqualTo(packet.getXid());
    for (var option : packet.getOptionsArray()) {
      assertThat(read.options().bytes(option.getCode() & 0xff)).isEqualTo(option.getValue());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void random_bytes_give_a_request_or_our_refusal(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] tail = new byte[random.nextInt(80)];
      random.nextBytes(tail);
      byte[] packet = Arrays.copyOf(discover(NODE_1).unended(), 243 + tail.length);
      System.arraycopy(tail, 0, packet, 243, tail.length);
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
      }
      anyBytesAreHandled(packet);
    }
  }

  @FuzzTest
  void any_bytes_give_a_request_or_our_refusal(byte[] bytes) {
    anyBytesAreHandled(bytes);
    byte[] packet = Arrays.copyOf(discover(NODE_1).unended(), 243 + bytes.length);
    System.arraycopy(bytes, 0, packet, 243, bytes.length);
    anyBytesAreHandled(packet);
  }

  /** Decoded, decided and encoded within the limits, or refused. */
  private static void anyBytesAreHandled(byte[] bytes) {
    if (decode(bytes) instanceof DhcpRequest request) {
      World world = World.of(Cluster.ofTheHowTo().config(), List.of());
      Answer answer = DhcpEngine.decide(request, Cluster.ARRIVAL, world, NOW);
      answer.changes().forEach(world::apply);
      if (answer.outcome() instanceof Answer.Reply(DhcpReply reply, Destination _)) {
        assertThat(encode(reply).length).isBetween(300, reply.maxPayload());
        assertThat(new String(encode(reply), 108, 10, StandardCharsets.US_ASCII))
            .isIn("pxelinux.0", "\0".repeat(10));
      }
    }
  }
}
