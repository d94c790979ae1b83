package org.krgboot.dhcp;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * Who asks: a request with what the configuration knows of its sender.
 *
 * @param host its entry, if it is a known node
 * @param classes those that it is in, in the configuration's order
 */
record Caller(
    DhcpRequest request,
    ClientKey key,
    RelayInformation relay,
    Optional<FixedHost> host,
    List<NodeClass> classes) {
  private static final Set<String> KNOWN_ONLY = Set.of(NodeClass.KNOWN);
  private static final Set<String> UNKNOWN_ONLY = Set.of(NodeClass.UNKNOWN);

  MacAddress mac() {
    return request.mac();
  }

  /** Option 61, if it is the key. */
  Optional<Octets> clientId() {
    return key instanceof ClientKey.ById(Octets id) ? Optional.of(id) : Optional.empty();
  }

  /** The names of its classes, with {@code known} or {@code unknown}. */
  Set<String> classNames() {
    Set<String> known = host.isPresent() ? KNOWN_ONLY : UNKNOWN_ONLY;
    if (classes.isEmpty()) {
      return known;
    }
    Set<String> names = new HashSet<>(known);
    classes.forEach(one -> names.add(one.name()));
    return names;
  }

  /** Its own address, where that is on the wire. */
  Optional<Ipv4> ownAddress(Wire wire) {
    return host.flatMap(FixedHost::address).filter(wire::contains);
  }

  /** What it calls itself, up to the first dot, if that is a host name. */
  Optional<NodeName> ownName() {
    String text = request.options().text(OptionCode.HOST_NAME);
    int dot = text.indexOf('.');
    try {
      return Optional.of(new NodeName(dot < 0 ? text : text.substring(0, dot)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** {@code common} with what its classes and its own entry say besides. */
  NodeOptions options(NodeOptions common) {
    NodeOptions all = common;
    for (NodeClass one : classes) {
      all = all.with(one.options());
    }
    return host.isPresent() ? all.with(host.get().options()) : all;
  }
}
