package org.krgboot.dhcp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** DHCP message types, RFC 2132 section 9.6. */
enum MessageType {
  DISCOVER(1),
  OFFER(2),
  REQUEST(3),
  DECLINE(4),
  ACK(5),
  NAK(6),
  RELEASE(7),
  INFORM(8);

  private final int code;

  MessageType(int code) {
    this.code = code;
  }

  static Optional<MessageType> of(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  int code() {
    return code;
  }

  /** True for what a client sends. */
  boolean isFromClient() {
    return switch (this) {
      case DISCOVER, REQUEST, DECLINE, RELEASE, INFORM -> true;
      case OFFER, ACK, NAK -> false;
    };
  }

  /** The name in metrics. */
  String metric() {
    return name().toLowerCase(Locale.ROOT);
  }
}
