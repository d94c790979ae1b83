package org.krgboot.importers;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * {@code dhcpd.leases}, dhcpd.leases(5): of each address its last entry holds. What is active in it
 * becomes leases that {@code krgboot leases restore} takes.
 */
final class DhcpdLeases {
  /** As good as never; a dump has years of four digits. */
  private static final Instant LATEST = Instant.parse("2099-12-31T00:00:00Z");

  private final Report report;
  private final Map<Ipv4, Optional<Lease>> leases = new LinkedHashMap<>();

  private DhcpdLeases(Report report) {
    this.report = report;
  }

  static List<Lease> read(String file, byte[] content, Report report) {
    DhcpdLeases reader = new DhcpdLeases(report);
    IscParser.parse(file, content, SourceFiles.none(), report).forEach(reader::statement);
    Map<MacAddress, Lease> byNode = new LinkedHashMap<>();
    for (Optional<Lease> lease : reader.leases.values()) {
      lease.ifPresent(each ->
          byNode.merge(each.mac(), each, (a, b) -> a.expires().isAfter(b.expires()) ? a : b));
    }
    return List.copyOf(byNode.values());
  }

  private void statement(IscStatement statement) {
    if (statement instanceof IscStatement.Block block && block.keyword().equals("lease")) {
      lease(block);
    } else if (statement instanceof IscStatement.Block block) {
      report.needless(block.place(), "'" + block.keyword() + "' is no lease");
    }
  }

  private void lease(IscStatement.Block block) {
    Map<String, List<IscToken>> said = new LinkedHashMap<>();
    for (IscStatement each : block.body()) {
      if (each instanceof IscStatement.Parameter parameter
          && parameter.value() instanceof IscStatement.Data data) {
        said.put(parameter.name(), data.tokens());
      }
    }
    try {
      Ipv4 address = Ipv4.parse(block.head().isEmpty() ? "" : block.head().getFirst().written());
      leases.remove(address);
      leases.put(address, active(block.place(), address, said));
    } catch (IllegalArgumentException e) {
      report.error(block.place(), String.valueOf(e.getMessage()));
    }
  }

  private Optional<Lease> active(Place place, Ipv4 address, Map<String, List<IscToken>> said) {
    List<IscToken> binding = said.getOrDefault("binding", List.of());
    List<IscToken> hardware = said.getOrDefault("hardware", List.of());
    Optional<String> mac =
        hardware.size() == 2 ? DraftAssembly.mac(hardware.get(1).written()) : Optional.empty();
    if (binding.size() != 2 || !binding.get(1).isWord("active") || mac.isEmpty()) {
      report.needless(place, address + " is not held by a node");
      return Optional.empty();
    }
    Optional<Instant> starts = time(said.getOrDefault("starts", List.of()));
    Optional<Instant> ends = time(said.getOrDefault("ends", List.of()));
    if (starts.isEmpty() || ends.isEmpty() || ends.get().isBefore(starts.get())) {
      report.ignored(place, "the times of the lease on " + address + " are not read");
      return Optional.empty();
    }
    NodeName name =
        said.getOrDefault("client-hostname", List.of()).stream()
            .findFirst()
            .flatMap(token -> EthersFile.name(OptionType.text(token)))
            .orElseGet(() -> new NodeName("krgnode" + address.octet(3)));
    report.used(place, mac.get() + " holds " + address + " until " + ends.get());
    return Optional.of(
        new Lease(MacAddress.parse(mac.get()), address, name, starts.get(), ends.get()));
  }

  /** {@code 4 2026/11/19 08:30:00}, {@code epoch 1795000000} or {@code never}. */
  private static Optional<Instant> time(List<IscToken> tokens) {
    List<String> words = new ArrayList<>();
    tokens.forEach(token -> words.add(token.written()));
    String text = String.join("", words.subList(Math.min(1, words.size()), words.size()));
    try {
      if (words.size() == 1 && words.getFirst().equals("never")) {
        return Optional.of(LATEST);
      }
      if (words.size() == 2 && words.getFirst().equals("epoch")) {
        Instant time = Instant.ofEpochSecond(Long.parseLong(words.get(1)));
        return Optional.of(time.isAfter(LATEST) ? LATEST : time);
      }
      var date =
          java.util.regex.Pattern.compile(
                  "([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})([0-9]{2}):([0-9]{2}):([0-9]{2})")
              .matcher(text);
      return date.matches()
          ? Optional.of(
              LocalDateTime.of(
                      Integer.parseInt(date.group(1)),
                      Integer.parseInt(date.group(2)),
                      Integer.parseInt(date.group(3)),
                      Integer.parseInt(date.group(4)),
                      Integer.parseInt(date.group(5)),
                      Integer.parseInt(date.group(6)))
                  .toInstant(ZoneOffset.UTC))
          : Optional.empty();
    } catch (DateTimeException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** As {@code krgboot leases restore} reads them. */
  static String dump(List<Lease> leases) {
    StringBuilder text = new StringBuilder("# krgboot leases, from dhcpd.leases\n");
    text.append("# address mac name since renewed expires client-id\n");
    for (Lease lease : leases) {
      text.append(
          String.join(
              " ",
              lease.address().toString(),
              lease.mac().toString(),
              lease.name().text(),
              lease.since().toString(),
              lease.since().toString(),
              lease.expires().toString(),
              "-"));
      text.append('\n');
    }
    return text.append("end ").append(leases.size()).append('\n').toString();
  }
}
