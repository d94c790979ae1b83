package org.krgboot.dhcp;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * One option for nodes as it goes over the wire. Two that say the same in the same way are equal.
 */
public final class OptionValue {
  /** Longer ones would leave no room for what a node needs to boot. */
  public static final int MAX_LENGTH = 1024;

  /** When it is sent. */
  public enum Sent {
    /** To clients that ask for it, and to those that do not say what they want. */
    IF_ASKED,
    /** To all: some programs look for options that they do not ask for. */
    ALWAYS
  }

  private final int code;
  private final byte[] value;
  private final Sent sent;

  private OptionValue(int code, byte[] value, Sent sent) {
    this.code = code;
    this.value = value;
    this.sent = sent;
  }

  /**
   * An option that is sent if asked for.
   *
   * @param code 1 to 254, but none of those by which client and server agree on a lease
   * @throws IllegalArgumentException if the code or the length cannot be had
   */
  public static OptionValue of(int code, byte[] value) {
    if (code < 1 || code > 254) {
      throw new IllegalArgumentException("an option has a number from 1 to 254, not " + code);
    }
    if (OptionCode.isOfTheServer(code)) {
      throw new IllegalArgumentException(
          "option " + code + " is the server's own: it follows from the lease, not from a setting");
    }
    if (value.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "option " + code + " has " + value.length + " bytes; the most is " + MAX_LENGTH);
    }
    return new OptionValue(code, value.clone(), Sent.IF_ASKED);
  }

  /** The same option, sent so. */
  public OptionValue sent(Sent when) {
    return new OptionValue(code, value, when);
  }

  public int code() {
    return code;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return value.clone();
  }

  public Sent sent() {
    return sent;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OptionValue that
        && code == that.code
        && sent == that.sent
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * code + sent.hashCode()) + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return code + "=" + HexFormat.of().formatHex(value);
  }
}
