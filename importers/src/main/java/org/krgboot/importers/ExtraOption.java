package org.krgboot.importers;

import java.util.HexFormat;

/**
 * A DHCP option that we know by its code only.
 *
 * @param name what the source called it
 * @param octets what goes out, in hexadecimal
 */
public record ExtraOption(int code, String name, String octets, Sent sent) {
  /** To whom it goes. */
  public enum Sent {
    IF_ASKED,
    /** Also to nodes that do not ask for it. */
    ALWAYS
  }

  static ExtraOption of(int code, String name, byte[] value) {
    return new ExtraOption(code, name, HexFormat.of().formatHex(value), Sent.IF_ASKED);
  }

  ExtraOption always() {
    return new ExtraOption(code, name, octets, Sent.ALWAYS);
  }
}
