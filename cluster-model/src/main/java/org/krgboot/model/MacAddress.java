package org.krgboot.model;

import java.util.HexFormat;

/**
 * An Ethernet hardware address (EUI-48), the key by which a node is known.
 *
 * @param bits the address in the low 48 bits, first octet highest
 */
public record MacAddress(long bits) implements Comparable<MacAddress> {
  public static final int LENGTH = 6;

  /**
   * As whom {@code krgboot check} asks for an address: locally administered, IEEE 802 section 8.2.
   * No node: it is neither counted nor named.
   */
  public static final MacAddress OF_A_CHECK = new MacAddress(0x026b_7267_626fL);

  public MacAddress {
    if ((bits >>> 48) != 0) {
      throw new IllegalArgumentException("a MAC address has 48 bits: " + Long.toHexString(bits));
    }
  }

  /**
   * Reads {@code aa:bb:cc:dd:ee:ff} or {@code aa-bb-cc-dd-ee-ff}, either case.
   *
   * @throws IllegalArgumentException if the text is anything else; the message quotes it
   */
  public static MacAddress parse(String text) {
    String hex = text.length() == 17 ? text.replace(text.charAt(2) == '-' ? "-" : ":", "") : "";
    if (hex.length() != 12 || !hex.chars().allMatch(MacAddress::isHexDigit)) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a MAC address; write it as aa:bb:cc:dd:ee:ff");
    }
    return new MacAddress(Long.parseLong(hex, 16));
  }

  private static boolean isHexDigit(int c) {
    return c < 128 && HexFormat.isHexDigit(c);
  }

  /**
   * Reads six octets in wire order.
   *
   * @throws IllegalArgumentException if there are not exactly six
   */
  public static MacAddress of(byte[] octets) {
    if (octets.length != LENGTH) {
      throw new IllegalArgumentException("a MAC address has 6 octets, not " + octets.length);
    }
    long bits = 0;
    for (byte octet : octets) {
      bits = bits << 8 | (octet & 0xff);
    }
    return new MacAddress(bits);
  }

  /** The six octets in wire order. */
  public byte[] octets() {
    byte[] octets = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      octets[i] = (byte) (bits >>> (40 - 8 * i));
    }
    return octets;
  }

  /** The form PXELINUX uses in file names after the hardware type: {@code aa-bb-cc-dd-ee-ff}. */
  public String dashed() {
    return HexFormat.ofDelimiter("-").formatHex(octets());
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(bits, other.bits);
  }

  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(octets());
  }
}
