package org.krgboot.nfs;

import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** Which clients a rule of an export is for, exports(5) "Machine Name Formats". */
public sealed interface Clients {
  /**
   * A host by its address or name.
   *
   * @param addresses that the name had when the rule was read
   */
  record Host(String name, Set<Ipv4> addresses) implements Clients {
    public Host {
      addresses = Set.copyOf(addresses);
    }

    @Override
    public boolean contains(Ipv4 address) {
      return addresses.contains(address);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** All of a network. */
  record Network(Subnet subnet) implements Clients {
    @Override
    public boolean contains(Ipv4 address) {
      return subnet.contains(address);
    }

    @Override
    public String toString() {
      return subnet.toString();
    }
  }

  /**
   * All hosts whose names fit a pattern.
   *
   * @param addresses of those that were known when the rule was read
   */
  record Pattern(String pattern, Set<Ipv4> addresses) implements Clients {
    public Pattern {
      addresses = Set.copyOf(addresses);
    }

    @Override
    public boolean contains(Ipv4 address) {
      return addresses.contains(address);
    }

    @Override
    public String toString() {
      return pattern;
    }
  }

  /** Every host there is. */
  record Everybody() implements Clients {
    @Override
    public boolean contains(Ipv4 address) {
      return true;
    }

    @Override
    public String toString() {
      return "*";
    }
  }

  /** Every host there is. */
  static Clients everybody() {
    return new Everybody();
  }

  /** One host, by its address. */
  static Clients host(Ipv4 address) {
    return new Host(address.toString(), Set.of(address));
  }

  /** Whether the client with that address is meant. */
  boolean contains(Ipv4 address);

  /**
   * The wider, the higher: of several rules for a client the one with the lowest width holds. Hosts
   * come before networks, the longer prefix first, then patterns, then everybody.
   */
  default int width() {
    return switch (this) {
      case Host _ -> 0;
      case Network network -> 1 + 32 - network.subnet().prefixLength();
      case Pattern _ -> 100;
      case Everybody() -> 200;
    };
  }
}
