package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a node is told whose lease cannot be written: to go on with what is on disk, until its
 * recorded end. Nothing is promised that a restart would not know. A node that works is thus not
 * thrown off the network by a full disk before its lease, as it was last written, ends.
 */
final class ReadOnlyRenewal {
  /** With less than this a node would only come back at once. */
  private static final Duration LEAST = Duration.ofSeconds(30);

  private ReadOnlyRenewal() {}

  /**
   * The ACK that can be given instead of {@code answer}.
   *
   * @param onDisk what is on disk of the address, as it is known by the policy; it must be this
   *     very client's, since another of the same MAC address may come back to it
   * @return empty if nothing on disk covers what the answer grants
   */
  static Optional<Answer> of(Answer answer, Binding onDisk, Instant now) {
    return switch (answer.outcome()) {
      case Answer.Silence _, Answer.Probe _ -> Optional.empty();
      case Answer.Reply(DhcpReply reply, Destination to) ->
          reply.type() == MessageType.ACK
                  && reply.yours().equals(onDisk.address())
                  && isOf(onDisk, answer)
                  && !onDisk.lease().expires().isBefore(now.plus(LEAST))
              ? Optional.of(
                  shortened(answer, reply, to, Duration.between(now, onDisk.lease().expires())))
              : Optional.empty();
    };
  }

  private static boolean isOf(Binding onDisk, Answer answer) {
    return answer.changes().stream()
        .anyMatch(change ->
            change instanceof Change.Bind(Binding granted)
                && granted.key().equals(onDisk.key())
                && granted.mac().equals(onDisk.mac()));
  }

  private static Answer shortened(Answer answer, DhcpReply reply, Destination to, Duration left) {
    return new Answer(
        new Answer.Reply(reply.withOptions(lasting(reply.options(), left)), to),
        answer.changes(),
        answer.events());
  }

  /** RFC 2131 section 4.4.5: T1 is half of the lease, T2 seven eighths. */
  private static DhcpOptions lasting(DhcpOptions options, Duration time) {
    long seconds = time.toSeconds();
    DhcpOptions.Builder shorter = new DhcpOptions.Builder();
    for (int code : options.codes()) {
      switch (code) {
        case OptionCode.LEASE_TIME -> shorter.seconds(code, seconds);
        case OptionCode.RENEWAL_TIME -> shorter.seconds(code, seconds / 2);
        case OptionCode.REBINDING_TIME -> shorter.seconds(code, seconds * 7 / 8);
        default -> shorter.bytes(code, options.bytes(code));
      }
    }
    return shorter.build();
  }
}
