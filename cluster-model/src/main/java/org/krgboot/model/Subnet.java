package org.krgboot.model;

/**
 * An IPv4 network in CIDR form.
 *
 * @param network the first address; host bits are zero
 * @param prefixLength 0..32
 */
public record Subnet(Ipv4 network, int prefixLength) {
  public Subnet {
    if (prefixLength < 0 || prefixLength > 32) {
      throw new IllegalArgumentException("a prefix length is 0 to 32, not " + prefixLength);
    }
    if ((network.bits() & ~mask(prefixLength)) != 0) {
      throw new IllegalArgumentException(
          network
              + "/"
              + prefixLength
              + " has host bits; the network is "
              + around(network, prefixLength));
    }
  }

  /** The network of that prefix length in which {@code address} lies. */
  public static Subnet around(Ipv4 address, int prefixLength) {
    return new Subnet(new Ipv4(address.bits() & mask(prefixLength)), prefixLength);
  }

  /**
   * Reads {@code 10.11.12.0/24}.
   *
   * @throws IllegalArgumentException if the text is anything else or has host bits
   */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a subnet; write it as 192.0.2.0/24");
    }
    return new Subnet(
        Ipv4.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  private static int mask(int prefixLength) {
    return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
  }

  public Ipv4 netmask() {
    return new Ipv4(mask(prefixLength));
  }

  public Ipv4 broadcast() {
    return new Ipv4(network.bits() | ~mask(prefixLength));
  }

  public boolean contains(Ipv4 address) {
    return (address.bits() & mask(prefixLength)) == network.bits();
  }

  /** True if a machine can have that address: in the network, and not its first or last. */
  public boolean isHost(Ipv4 address) {
    return contains(address)
        && (prefixLength >= 31 || !(address.equals(network) || address.equals(broadcast())));
  }

  @Override
  public String toString() {
    return network + "/" + prefixLength;
  }
}
