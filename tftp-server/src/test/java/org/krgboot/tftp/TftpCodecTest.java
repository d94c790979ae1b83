package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.tftp.TftpPacket.ErrorCode;
import org.krgboot.tftp.TftpPacket.Malformed;
import org.krgboot.tftp.TftpPacket.Mode;
import org.krgboot.tftp.TftpPacket.Option;
import org.krgboot.tftp.TftpPacket.ReadRequest;

class TftpCodecTest {
  private static final TransferPlan.Limits LIMITS = new TransferPlan.Limits(1468, 64);

  /** Text with '|' for NUL behind an opcode. */
  private static ByteBuffer packet(int opcode, String text) {
    byte[] tail = text.replace('|', '\0').getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + tail.length).putShort((short) opcode).put(tail).flip();
  }

  private static TftpPacket decode(int opcode, String text) {
    return TftpCodec.decode(packet(opcode, text));
  }

  @Test
  void a_plain_request_is_read() {
    assertThat(decode(1, "pxelinux.0|octet|"))
        .isEqualTo(new ReadRequest("pxelinux.0", Mode.OCTET, List.of()));
    assertThat(decode(1, "a|NetASCII|")).isEqualTo(new ReadRequest("a", Mode.NETASCII, List.of()));
  }

  @Test
  void options_are_read_without_case_and_padding_is_ignored() {
    assertThat(decode(1, "f|OCTET|TSize|0|BLKSIZE|1456|odd|x y||||"))
        .isEqualTo(
            new ReadRequest(
                "f",
                Mode.OCTET,
                List.of(
                    new Option("tsize", "0"),
                    new Option("blksize", "1456"),
                    new Option("odd", "x y"))));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 4",
    "f, 4",
    "f|, 4",
    "f|octet, 4",
    "|octet|, 4",
    "f|mail|, 4",
    "f|binary|, 4",
    "f|octet|blksize, 8",
    "f|octet|blksize|, 8",
    "f|octet|blksize|512, 8",
    "f|octet||512|, 8",
    "f|octet|tsize|0|TSIZE|0|, 8"
  })
  void what_is_not_well_formed_is_refused_with_the_code_for_it(String text, int code) {
    assertThat(decode(1, text))
        .isInstanceOfSatisfying(
            Malformed.class, bad -> assertThat(bad.code().number).isEqualTo(code));
  }

  @Test
  void endless_requests_are_refused() {
    assertThat(decode(1, "f".repeat(2000) + "|octet|")).isInstanceOf(Malformed.class);
    StringBuilder many = new StringBuilder("f|octet|");
    for (int i = 0; i < 33; i++) {
      many.append(i).append("|1|");
    }
    assertThat(decode(1, many.toString())).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 9, 255, 0x5501, 65535})
  void unknown_operations_are_refused(int opcode) {
    assertThat(decode(opcode, "f|octet|")).isInstanceOf(Malformed.class);
  }

  @Test
  void the_other_packets_are_read() {
    assertThat(decode(2, "f|octet|")).isEqualTo(new TftpPacket.WriteRequest("f"));
    assertThat(TftpCodec.decode(ByteBuffer.allocate(4).putInt(4 << 16 | 65535).flip()))
        .isEqualTo(new TftpPacket.Ack(65535));
    assertThat(TftpCodec.decode(packet(5, "\0\10No thanks|")))
        .isEqualTo(new TftpPacket.Failure(8, "No thanks"));
    assertThat(TftpCodec.decode(packet(5, "\0\0"))).isEqualTo(new TftpPacket.Failure(0, ""));
  }

  @Test
  void what_is_written_is_what_the_rfcs_draw() {
    ByteBuffer out = ByteBuffer.allocate(100);
    TftpCodec.encode(
        new TftpPacket.OptionAck(List.of(new Option("tsize", "70"), new Option("blksize", "8"))),
        out);
    assertThat(out.flip()).isEqualTo(packet(6, "tsize|70|blksize|8|"));
    TftpCodec.encode(ErrorCode.FILE_NOT_FOUND, "no\0such", out.clear());
    assertThat(out.flip()).isEqualTo(packet(5, "\0\1no?such|"));
    TftpCodec.encode(ErrorCode.NOT_DEFINED, "\u20ac".repeat(1000), ByteBuffer.allocate(2000));
    ByteBuffer data = ByteBuffer.allocate(8);
    TftpCodec.encodeDataHeader(0, data, 0);
    TftpCodec.encodeDataHeader(65_535, data, 4);
    assertThat(data.array()).containsExactly(0, 3, 0, 0, 0, 3, 0xff, 0xff);
  }

  private static TransferPlan.Outcome plan(String options) {
    return TransferPlan.of((ReadRequest) decode(1, "f|octet|" + options), 70_000, LIMITS);
  }

  private static TransferPlan granted(String options) {
    return ((TransferPlan.Outcome.Start) plan(options)).plan();
  }

  @Test
  void only_what_was_asked_for_is_granted() {
    assertThat(granted("").granted()).isEmpty();
    assertThat(granted("").blockSize()).isEqualTo(512);
    assertThat(granted("multicast||odd|1|").granted()).isEmpty();
    assertThat(granted("tsize|0|").granted()).containsExactly(new Option("tsize", "70000"));
    TransferPlan all = granted("windowsize|16|blksize|1024|timeout|9|tsize|0|");
    assertThat(all.window()).isEqualTo(16);
    assertThat(all.blockSize()).isEqualTo(1024);
    assertThat(all.timeout().map(t -> t.toSeconds())).isEqualTo(Optional.of(9L));
    assertThat(all.granted()).hasSize(4);
  }

  @Test
  void the_options_of_tftp_hpa_are_known() {
    TransferPlan plan = granted("blksize2|1400|utimeout|50000|rollover|1|");
    assertThat(plan.blockSize()).isEqualTo(1024);
    assertThat(plan.timeout()).contains(java.time.Duration.ofMillis(50));
    assertThat(plan.rollOver()).isEqualTo(RollOver.TO_ONE);
    assertThat(plan.granted())
        .containsExactly(
            new Option("blksize2", "1024"),
            new Option("utimeout", "50000"),
            new Option("rollover", "1"));
    assertThat(granted("blksize|700|blksize2|1400|").granted())
        .containsExactly(new Option("blksize", "700"));
    assertThat(granted("rollover|2|utimeout|9999|blksize2|4|").granted()).isEmpty();
  }

  @Test
  void more_than_we_grant_is_granted_in_part() {
    TransferPlan plan = granted("blksize|65464|windowsize|65535|");
    assertThat(plan.granted())
        .containsExactly(new Option("blksize", "1468"), new Option("windowsize", "64"));
    assertThat(plan.blocks()).isEqualTo(48);
    assertThat(plan.lengthOf(48)).isEqualTo(70_000 - 47 * 1468);
  }

  @ParameterizedTest
  @ValueSource(strings = {"blksize|7|", "windowsize|0|", "timeout|0|", "timeout|256|"})
  void a_number_out_of_range_is_left_out_of_the_answer(String option) {
    assertThat(granted(option).granted()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"blksize|x|", "tsize||", "timeout|-1|", "windowsize|9999999999999999999|"})
  void a_value_that_is_no_number_is_refused(String option) {
    // An empty value at the very end cannot be told from padding, so another option follows.
    assertThat(plan(option + "odd|1|"))
        .isInstanceOfSatisfying(
            TransferPlan.Outcome.Refuse.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OPTION_REFUSED));
  }

  @Test
  void random_bytes_give_a_packet_or_our_own_refusal() {
    Random random = new Random(1350);
    for (int i = 0; i < 300_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = random.nextInt(3) == 0 ? 0 : bytes[at];
      }
      if (bytes.length > 1) {
        bytes[0] = 0;
        bytes[1] = (byte) random.nextInt(8);
      }
      anyBytesGiveAPacketOrOurOwnRefusal(bytes);
    }
  }

  @FuzzTest
  void anyBytesGiveAPacketOrOurOwnRefusal(byte[] bytes) {
    TftpPacket packet = TftpCodec.decode(ByteBuffer.wrap(bytes));
    if (packet instanceof ReadRequest request) {
      TransferPlan.Outcome outcome = TransferPlan.of(request, 1 << 20, LIMITS);
      if (outcome instanceof TransferPlan.Outcome.Start(TransferPlan plan)) {
        assertThat(plan.blockSize()).isBetween(8, 1468);
        assertThat(plan.window()).isBetween(1, 64);
        assertThat(plan.granted().size()).isLessThanOrEqualTo(request.options().size());
      }
    }
  }
}
