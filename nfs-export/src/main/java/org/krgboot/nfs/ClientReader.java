package org.krgboot.nfs;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** From a client as it is written in an exports file to whom it means. */
final class ClientReader {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");
  private static final Pattern HOST_PATTERN = Pattern.compile("[A-Za-z0-9_.*?\\[\\]!^-]{1,255}");
  private static final Pattern ADDRESS_PATTERN = Pattern.compile("[0-9.*?]*[0-9][0-9.*?]*");
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");
  private static final Pattern IPV6 =
      Pattern.compile("\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[a-z0-9.]+)?\\]?(/[0-9]{1,3})?");
  private static final int OCTETS = 4;

  private final HostNames names;
  private final Consumer<String> notes;

  /**
   * A reader.
   *
   * @param notes takes what the operator should know although it is no mistake
   */
  ClientReader(HostNames names, Consumer<String> notes) {
    this.names = names;
    this.notes = notes;
  }

  /**
   * Reads a client.
   *
   * @throws IllegalArgumentException if it is none, or cannot be served; the message says what is
   *     right
   */
  Clients read(String text) {
    String shown = ExportsScanner.printable(text);
    if (text.equals("*")) {
      return Clients.everybody();
    }
    if (text.startsWith("@")) {
      throw new IllegalArgumentException(
          "the netgroup '" + shown + "' cannot be looked up; name its hosts or their network");
    }
    if (text.startsWith("gss/")) {
      throw new IllegalArgumentException(
          "'" + shown + "' wants Kerberos, which is not served; name hosts or a network");
    }
    if (IPV6.matcher(text).matches()) {
      notes.accept("'" + shown + "' is without effect: this server is reached by IPv4 only");
      return new Clients.Host(text, Set.of());
    }
    return text.indexOf('/') >= 0 ? network(text) : hosts(text, shown);
  }

  private Clients hosts(String text, String shown) {
    if (HostPattern.isPattern(text)) {
      return pattern(text, shown);
    }
    if (NUMBERS.matcher(text).matches()) {
      return Clients.host(Ipv4.parse(text));
    }
    if (!HOST.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'"
              + shown
              + "' is no client; write a host name, an address, a network as 192.0.2.0/24, or *");
    }
    Set<Ipv4> addresses = Set.copyOf(names.addressesOf(text));
    if (addresses.isEmpty()) {
      notes.accept(
          "the host '"
              + text
              + "' has no IPv4 address now and is not let in; add it to /etc/hosts or write its"
              + " address");
    }
    return new Clients.Host(text, addresses);
  }

  private Clients pattern(String text, String shown) {
    if (ADDRESS_PATTERN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + shown + "' has a wildcard in an address; write " + networkFor(text));
    }
    if (!HOST_PATTERN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + shown + "' is no pattern of host names; write it as *.cluster.example");
    }
    Set<Ipv4> addresses = HostPattern.parse(text).addresses(names);
    if (addresses.isEmpty()) {
      notes.accept(
          "no host that is known here fits '"
              + text
              + "', so nobody is let in by it; hosts are known from /etc/hosts and from our own"
              + " DHCP");
    }
    return new Clients.Pattern(text, addresses);
  }

  /** The network that was meant, where it can be told. */
  private static String networkFor(String pattern) {
    String[] parts = pattern.split("\\.", -1);
    int known = 0;
    while (known < parts.length && parts[known].matches("[0-9]{1,3}")) {
      known++;
    }
    boolean rest = Arrays.stream(parts).skip(known).allMatch("*"::equals);
    if (!rest || known == 0 || known >= OCTETS) {
      return "a network, such as 192.0.2.0/24";
    }
    String network = String.join(".", Arrays.copyOf(parts, known));
    return network + ".0".repeat(OCTETS - known) + "/" + 8 * known;
  }

  private Clients network(String text) {
    int slash = text.indexOf('/');
    Ipv4 address = Ipv4.parse(text.substring(0, slash));
    Subnet subnet = Subnet.around(address, prefixLength(text.substring(slash + 1)));
    if (!subnet.network().equals(address)) {
      notes.accept("'" + text + "' is read as the network " + subnet);
    }
    return new Clients.Network(subnet);
  }

  private static int prefixLength(String text) {
    if (text.matches("[0-9]{1,2}") && Integer.parseInt(text) <= 32) {
      return Integer.parseInt(text);
    }
    int mask = text.matches("[0-9.]*\\.[0-9.]*") ? Ipv4.parse(text).bits() : 1;
    int length = Integer.bitCount(mask);
    if (mask != (length == 0 ? 0 : -1 << (32 - length))) {
      throw new IllegalArgumentException(
          "'/" + ExportsScanner.printable(text) + "' is no netmask; write /24 or /255.255.255.0");
    }
    return length;
  }
}
