package org.krgboot.settings;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.dhcp.Architecture;
import org.krgboot.dhcp.BootChoice;
import org.krgboot.dhcp.NameTemplate;
import org.krgboot.dhcp.OptionValue;
import org.krgboot.dhcp.ScopeOptions;
import org.krgboot.model.Ipv4;
import org.tomlj.TomlTable;

/**
 * What a scope of DHCP says to its nodes. The same keys in {@code [dhcp]} and in each network,
 * subnet, pool, class and host.
 */
final class ScopeReader {
  /** The keys of every scope. */
  static final Set<String> KEYS =
      Set.of(
          "next-server",
          "server-name",
          "boot-file",
          "boot-file-uefi-ia32",
          "boot-file-uefi-x64",
          "boot-file-uefi-arm32",
          "boot-file-uefi-arm64",
          "boot-file-ipxe",
          "http-boot-url",
          "options",
          "root-path",
          "node-name",
          "name-prefix",
          "router",
          "dns",
          "ntp",
          "domain",
          "max-message-size",
          "lease-time",
          "renew-time",
          "rebind-time");

  private ScopeReader() {}

  /** The keys of every scope, and these. */
  static Set<String> keysWith(String... others) {
    Set<String> all = new HashSet<>(KEYS);
    all.addAll(List.of(others));
    return all;
  }

  /** What does not hold together goes to the problems. */
  static ScopeOptions read(WrittenTable table) {
    try {
      return new ScopeOptions(
          table.get("next-server", Ipv4::parse),
          table.get("server-name", SettingParsers::line),
          boot(table),
          table.get("root-path", SettingParsers::line),
          name(table),
          table.list("router", Ipv4::parse),
          table.list("dns", Ipv4::parse),
          table.list("ntp", Ipv4::parse),
          table.get("domain", SettingParsers::line),
          table.get("max-message-size", SettingParsers::maxMessageSize),
          table.get("lease-time", SettingParsers::leaseTime),
          table.get("renew-time", SettingParsers::duration),
          table.get("rebind-time", SettingParsers::duration),
          options(table));
    } catch (IllegalArgumentException e) {
      table.problems().add(table.place(), "[" + table.name() + "] " + e.getMessage());
      return ScopeOptions.NONE;
    }
  }

  private static BootChoice boot(WrittenTable table) {
    Map<Architecture, String> files = new EnumMap<>(Architecture.class);
    for (Architecture architecture : Architecture.values()) {
      table
          .get("boot-file-" + architecture.text(), SettingParsers::line)
          .ifPresent(file -> files.put(architecture, file));
    }
    return new BootChoice(
        table.get("boot-file", SettingParsers::line),
        files,
        table.get("boot-file-ipxe", SettingParsers::line),
        table.get("http-boot-url", SettingParsers::line));
  }

  private static List<OptionValue> options(WrittenTable table) {
    RawSettings.Written written = table.keys().get("options");
    if (written == null) {
      return List.of();
    }
    if (written.value() instanceof TomlTable options) {
      return new OptionSettings(table.fileOf("options"), table.problems()).read(options);
    }
    table
        .problems()
        .add(written.place(), "options is a table, such as [" + table.name() + ".options]");
    return List.of();
  }

  private static Optional<NameTemplate> name(WrittenTable table) {
    if (table.has("node-name") && table.has("name-prefix")) {
      table
          .problems()
          .add(
              table.placeOf("name-prefix"),
              "name-prefix = \"krgnode\" is short for node-name = \"krgnode{octet4}\"; give one of them");
    }
    return table
        .get("node-name", NameTemplate::new)
        .or(() -> table.get("name-prefix", NameTemplate::ofPrefix));
  }
}
