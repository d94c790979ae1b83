package org.krgboot.dhcp;

/**
 * An option that the operator has defined, as it goes out.
 *
 * @param code 1 to 254, but none of those by which client and server agree on a lease
 */
public record OptionValue(int code, Octets value, Sent sent) {
  /** When it is sent. */
  public enum Sent {
    /** To clients that ask for it, and to those that do not say what they want. */
    IF_ASKED,
    /** To all: some programs look for options that they do not ask for. */
    ALWAYS
  }

  /** Longer ones would leave no room for what a node needs to boot. */
  private static final int MAX_LENGTH = 1024;

  /** Refuses what cannot go out. */
  public OptionValue {
    require(
        code > OptionCode.PAD && code < OptionCode.END,
        "an option has a number from 1 to 254, not " + code);
    require(
        !OptionCode.isOfTheServer(code),
        "option " + code + " is the server's own: it follows from the lease, not from a setting");
    require(
        value.length() <= MAX_LENGTH,
        "option " + code + " has " + value.length() + " bytes; the most is " + MAX_LENGTH);
  }

  /** One that is sent if asked for. */
  public OptionValue(int code, Octets value) {
    this(code, value, Sent.IF_ASKED);
  }

  /** The same option, sent so. */
  public OptionValue sent(Sent when) {
    return new OptionValue(code, value, when);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
