package org.krgboot.settings;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.krgboot.model.Ipv4;

/** Finds the address to serve on: as asked, or the only private one. Pure. */
final class BootAddress {
  private BootAddress() {}

  /**
   * The interface and address to serve on.
   *
   * @param listen the address asked for, if any
   * @param interfaceName the interface asked for, if any
   * @param all this machine's addresses
   * @return empty if there is none, or more than one to choose from; the problems say which
   */
  static Optional<HostInterface> choose(
      Optional<Ipv4> listen,
      Optional<String> interfaceName,
      List<HostInterface> all,
      Problems problems) {
    List<HostInterface> fitting =
        all.stream()
            .filter(nic -> listen.isEmpty() || nic.address().equals(listen.get()))
            .filter(nic -> interfaceName.isEmpty() || nic.name().equals(interfaceName.get()))
            .toList();
    if (listen.isPresent() || interfaceName.isPresent()) {
      if (fitting.isEmpty()) {
        problems.addOfTheMachine(place(listen), notHere(listen, interfaceName) + has(all));
      }
      return fitting.stream().findFirst();
    }
    List<HostInterface> candidates =
        all.stream()
            .filter(nic -> nic.kind() == HostInterface.Kind.NETWORK && nic.address().isPrivate())
            .toList();
    if (candidates.size() == 1) {
      return Optional.of(candidates.getFirst());
    }
    if (candidates.isEmpty()) {
      problems.addOfTheMachine(
          "--interface",
          "no interface has a private IPv4 address; give the boot network's interface one, or name"
              + " the address with --listen."
              + has(all));
    } else {
      problems.add(
          "--interface",
          "several interfaces have a private address: "
              + names(candidates)
              + ". Say which is the boot network's: --interface "
              + candidates.getFirst().name());
    }
    return Optional.empty();
  }

  private static String place(Optional<Ipv4> listen) {
    return listen.isPresent() ? "--listen" : "--interface";
  }

  private static String notHere(Optional<Ipv4> listen, Optional<String> interfaceName) {
    return listen
            .map(address -> "no interface that is up has the address " + address)
            .orElse(
                "there is no interface "
                    + interfaceName.orElse("")
                    + " that is up with an IPv4 address")
        + interfaceName.filter(name -> listen.isPresent()).map(name -> " on " + name).orElse("")
        + ".";
  }

  private static String has(List<HostInterface> all) {
    return all.isEmpty() ? "" : " This machine has " + names(all) + ".";
  }

  private static String names(List<HostInterface> interfaces) {
    return interfaces.stream().map(HostInterface::toString).collect(Collectors.joining(", "));
  }
}
