package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.importers.Configuration;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;
import org.krgboot.nfs.ExportsFile;
import org.krgboot.settings.HostInterface;
import org.krgboot.settings.Problems;
import org.krgboot.settings.RawSettings;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsReader;

/** Asks our own reader of settings what it thinks of an imported file, on a machine that fits. */
final class OwnReader {
  private OwnReader() {}

  /**
   * What the daemon thinks of it.
   *
   * @param refusals a line each; empty if it would start
   * @param notes on the exports file that it names
   */
  record Judgement(List<String> refusals, List<ExportsFile.Note> notes) {}

  static Judgement read(String toml, Configuration configuration) throws IOException {
    Path file = Files.createTempFile("krgboot-import", ".toml");
    try {
      Files.writeString(file, toml);
      Problems problems = new Problems();
      RawSettings raw = new RawSettings(problems);
      raw.readFile(file);
      Settings settings = SettingsReader.read(raw, problems, machine(configuration));
      return new Judgement(List.of(), settings.nfs().map(Settings.Nfs::notes).orElse(List.of()));
    } catch (SettingsException e) {
      String name = String.valueOf(file.getFileName());
      return new Judgement(
          String.valueOf(e.getMessage()).lines().map(line -> line.replace(name, "line")).toList(),
          List.of());
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
    Set<Ipv4> hosts = new HashSet<>();
    configuration.hosts().forEach(host -> host.address().ifPresent(hosts::add));
    Ipv4 address = served.subnet().network().next();
    while (served.subnet().isHost(address)) {
      Ipv4 candidate = address;
      boolean taken =
          served.pools().stream().anyMatch(pool -> pool.range().contains(candidate))
              || hosts.contains(candidate);
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
