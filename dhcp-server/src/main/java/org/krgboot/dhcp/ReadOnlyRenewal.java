package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.krgboot.model.Lease;

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
   * @param onDisk the node's lease as it is on disk
   * @return empty if nothing on disk covers what the answer grants
   */
  static Optional<Answer> of(Answer answer, Lease onDisk, Instant now) {
    return switch (answer.outcome()) {
      case Answer.Silence _ -> Optional.empty();
      case Answer.Reply(DhcpReply reply, Destination to) ->
          reply.type() == MessageType.ACK
                  && reply.yours().equals(onDisk.address())
                  && reply.mac().equals(onDisk.mac())
                  && !onDisk.expires().isBefore(now.plus(LEAST))
              ? Optional.of(shortened(answer, reply, to, Duration.between(now, onDisk.expires())))
              : Optional.empty();
    };
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
