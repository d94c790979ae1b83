package org.krgboot.importers;

import java.util.HexFormat;

/**
 * A DHCP option that we know by its code only.
 *
 * @param name what the source called it
 * @param octets what goes out, in hexadecimal
 */
public record ExtraOption(int code, String name, String octets) {
  static ExtraOption of(int code, String name, byte[] value) {
    return new ExtraOption(code, name, HexFormat.of().formatHex(value));
  }
}
