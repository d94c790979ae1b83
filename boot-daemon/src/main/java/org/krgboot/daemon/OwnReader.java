package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.importers.Configuration;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** Asks our own reader of settings what it thinks of an imported file, on a machine that fits. */
final class OwnReader {
  private OwnReader() {}

  /** What the daemon would refuse, a line each; empty if it would start. */
  static List<String> refusals(String toml, Configuration configuration) throws IOException {
    Path file = Files.createTempFile("krgboot-import", ".toml");
    try {
      Files.writeString(file, toml);
      Problems problems = new Problems();
      RawSettings raw = new RawSettings(problems);
      raw.readFile(file);
      SettingsReader.read(raw, problems, machine(configuration));
      return List.of();
    } catch (SettingsException e) {
      String name = String.valueOf(file.getFileName());
      return String.valueOf(e.getMessage())
          .lines()
          .map(line -> line.replace(name, "line"))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  /** A machine with an interface in the first network, at an address that nobody has. */
  private static List<HostInterface> machine(Configuration configuration) {
    List<HostInterface> machine = new ArrayList<>();
    configuration.subnets().stream()
        .findFirst()
        .ifPresent(served ->
            free(served, configuration)
                .ifPresent(address ->
                    machine.add(
                        new HostInterface(
                            "boot0", address, served.subnet(), HostInterface.Kind.NETWORK))));
    if (machine.isEmpty()) {
      machine.add(
          new HostInterface(
              "boot0",
              Ipv4.parse("10.11.12.1"),
              Subnet.parse("10.11.12.0/24"),
              HostInterface.Kind.NETWORK));
    }
    return machine;
  }

  private static Optional<Ipv4> free(
      Configuration.ServedSubnet served, Configuration configuration) {
    Ipv4 address = served.subnet().network().next();
    while (served.subnet().isHost(address)) {
      Ipv4 candidate = address;
      boolean taken =
          served.pools().stream().anyMatch(pool -> pool.range().contains(candidate))
              || configuration.hosts().stream()
                  .anyMatch(host -> host.address().filter(candidate::equals).isPresent());
      if (!taken && candidate.isPrivate()) {
        return Optional.of(candidate);
      }
      address = address.next();
      if (!candidate.isPrivate()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
