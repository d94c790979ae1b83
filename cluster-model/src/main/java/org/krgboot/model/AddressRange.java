package org.krgboot.model;

import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The addresses from {@code first} to {@code last}, both included. */
public record AddressRange(Ipv4 first, Ipv4 last) {
  public AddressRange {
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException("the range " + first + "-" + last + " runs backwards");
    }
  }

  /**
   * Reads {@code 10.11.12.101-10.11.12.199}, or one address.
   *
   * @throws IllegalArgumentException if the text is anything else or runs backwards
   */
  public static AddressRange parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      return new AddressRange(Ipv4.parse(text.strip()), Ipv4.parse(text.strip()));
    }
    return new AddressRange(
        Ipv4.parse(text.substring(0, dash).strip()), Ipv4.parse(text.substring(dash + 1).strip()));
  }

  public long size() {
    return Integer.toUnsignedLong(last.bits()) - Integer.toUnsignedLong(first.bits()) + 1;
  }

  public boolean contains(Ipv4 address) {
    return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
  }

  /** All addresses, lowest first. */
  public Stream<Ipv4> addresses() {
    return LongStream.range(0, size()).mapToObj(i -> new Ipv4((int) (first.bits() + i)));
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
