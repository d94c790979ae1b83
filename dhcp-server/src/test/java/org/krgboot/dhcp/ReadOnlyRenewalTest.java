package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.Packets.NODE_1;
import static org.krgboot.dhcp.Packets.NODE_2;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

class ReadOnlyRenewalTest {
  private static final String ADDRESS = "10.11.12.101";
  private static final Instant NOW = Script.START;
  private final Script script = new Script(Cluster.ofTheHowTo());

  private Answer ack() {
    return script.at("0s", Packets.initReboot(NODE_1, ADDRESS)).acks(ADDRESS).answer();
  }

  private static Binding onDisk(MacAddress mac, String address, Duration left) {
    Lease lease = new Lease(mac, Ipv4.parse(address), new NodeName("n"), NOW, NOW.plus(left));
    return new Binding(lease, NOW);
  }

  private static int seconds(Answer answer, int code) {
    DhcpReply reply = ((Answer.Reply) answer.outcome()).reply();
    return ByteBuffer.wrap(reply.options().bytes(code)).getInt();
  }

  @Test
  void a_node_is_told_no_more_than_what_is_on_disk() {
    Answer ack = ack();
    Answer shorter =
        ReadOnlyRenewal.of(ack, onDisk(NODE_1, ADDRESS, Duration.ofSeconds(801)), NOW)
            .orElseThrow();
    assertThat(seconds(shorter, OptionCode.LEASE_TIME)).isEqualTo(801);
    assertThat(seconds(shorter, OptionCode.RENEWAL_TIME)).isEqualTo(400);
    assertThat(seconds(shorter, OptionCode.REBINDING_TIME)).isEqualTo(700);
    DhcpOptions before = ((Answer.Reply) ack.outcome()).reply().options();
    DhcpOptions after = ((Answer.Reply) shorter.outcome()).reply().options();
    assertThat(after.codes()).containsExactlyElementsOf(before.codes());
    assertThat(after.bytes(OptionCode.ROOT_PATH)).isEqualTo(before.bytes(OptionCode.ROOT_PATH));
  }

  @Test
  void nothing_is_promised_that_is_not_on_disk() {
    Answer ack = ack();
    Duration hour = Duration.ofHours(1);
    assertThat(ReadOnlyRenewal.of(ack, onDisk(NODE_1, "10.11.12.102", hour), NOW)).isEmpty();
    assertThat(ReadOnlyRenewal.of(ack, onDisk(NODE_2, ADDRESS, hour), NOW)).isEmpty();
    assertThat(ReadOnlyRenewal.of(ack, onDisk(NODE_1, ADDRESS, Duration.ofSeconds(29)), NOW))
        .isEmpty();
    assertThat(ReadOnlyRenewal.of(ack, onDisk(NODE_1, ADDRESS, hour.negated()), NOW)).isEmpty();
  }

  @Test
  void only_an_ack_is_shortened() {
    Answer offer = script.at("0s", Packets.discover(NODE_1)).answer();
    Optional<Answer> shorter =
        ReadOnlyRenewal.of(offer, onDisk(NODE_1, ADDRESS, Duration.ofHours(1)), NOW);
    assertThat(shorter).isEmpty();
    Answer silence = Answer.silence(Answer.Why.NONE_DUE);
    assertThat(ReadOnlyRenewal.of(silence, onDisk(NODE_1, ADDRESS, Duration.ofHours(1)), NOW))
        .isEmpty();
  }

  @Test
  void where_client_ids_count_only_the_very_client_goes_on() {
    Policy byId =
        new Policy(
            Unknown.ALLOWED,
            Policy.Authority.AUTHORITATIVE,
            Policy.Key.CLIENT_ID,
            Policy.Delivery.BY_FLAG);
    Answer ack =
        new Script(Cluster.ofTheHowTo().policy(byId))
            .at("0s", Packets.initReboot(NODE_1, ADDRESS).option(61, 0, 1, 2))
            .acks(ADDRESS)
            .answer();
    Lease lease = onDisk(NODE_1, ADDRESS, Duration.ofHours(1)).lease();
    Binding its = new Binding(lease, NOW, Optional.of(Octets.parse("0x000102")));
    Binding another = new Binding(lease, NOW, Optional.of(Octets.parse("0x000103")));
    assertThat(ReadOnlyRenewal.of(ack, its, NOW)).isPresent();
    assertThat(ReadOnlyRenewal.of(ack, another, NOW)).isEmpty();
  }
}
