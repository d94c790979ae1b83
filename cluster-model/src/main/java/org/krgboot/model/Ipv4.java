package org.krgboot.model;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 address. Ordered as unsigned numbers.
 *
 * @param bits the address in network order, first octet highest
 */
public record Ipv4(int bits) implements Comparable<Ipv4> {
  public static final Ipv4 ANY = new Ipv4(0);
  public static final Ipv4 BROADCAST = new Ipv4(-1);

  /**
   * Reads dotted decimal. Leading zeros are refused, since some programs read them as octal.
   *
   * @throws IllegalArgumentException if the text is anything else; the message quotes it
   */
  public static Ipv4 parse(String text) {
    String[] parts = text.split("\\.", -1);
    int bits = 0;
    if (parts.length != 4) {
      throw notAnAddress(text);
    }
    for (String part : parts) {
      if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
        throw notAnAddress(text);
      }
      bits = bits << 8 | Integer.parseInt(part);
    }
    return new Ipv4(bits);
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not an IPv4 address; write it as 192.0.2.1");
  }

  /**
   * Reads four octets in network order.
   *
   * @throws IllegalArgumentException if there are not exactly four
   */
  public static Ipv4 of(byte[] octets) {
    if (octets.length != 4) {
      throw new IllegalArgumentException("an IPv4 address has 4 octets, not " + octets.length);
    }
    int bits = 0;
    for (byte octet : octets) {
      bits = bits << 8 | (octet & 0xff);
    }
    return new Ipv4(bits);
  }

  public static Ipv4 of(Inet4Address address) {
    return of(address.getAddress());
  }

  public byte[] octets() {
    return new byte[] {(byte) octet(0), (byte) octet(1), (byte) octet(2), (byte) octet(3)};
  }

  /** One octet, 0..255; index 0 is the first written. */
  public int octet(int index) {
    return bits >>> (24 - 8 * index) & 0xff;
  }

  public Inet4Address toInetAddress() {
    try {
      return (Inet4Address) InetAddress.getByAddress(octets());
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are always an address", e);
    }
  }

  /** The form PXELINUX uses in file names: 10.11.12.101 is {@code 0A0B0C65}. */
  public String hex() {
    return String.format("%08X", bits);
  }

  /** The address after this one; wraps at the end. */
  public Ipv4 next() {
    return new Ipv4(bits + 1);
  }

  /** True for the three private blocks of RFC 1918. */
  public boolean isPrivate() {
    return octet(0) == 10
        || (octet(0) == 172 && (octet(1) & 0xf0) == 16)
        || (octet(0) == 192 && octet(1) == 168);
  }

  @Override
  public int compareTo(Ipv4 other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return octet(0) + "." + octet(1) + "." + octet(2) + "." + octet(3);
  }
}
