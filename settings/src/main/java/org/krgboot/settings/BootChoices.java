package org.krgboot.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.dhcp.Architecture;
import org.krgboot.dhcp.BootChoice;
import org.krgboot.http.HttpConfig;
import org.krgboot.model.Ipv4;

/**
 * Which boot file DHCP names where nothing is configured: of the ways whose files are there, the
 * one that boots fastest, in the order of {@code docs/booting.md}.
 */
final class BootChoices {
  private static final int HTTP = 80;

  /** For each kind of firmware the files that would do, the best first. */
  private static final List<String> BIOS = List.of("lpxelinux.0", "pxelinux.0");

  private static final List<String> UEFI_X64 =
      List.of("snponly.efi", "efi64/syslinux.efi", "shimx64.efi");
  private static final List<String> UEFI_ARM64 = List.of("shimaa64.efi");

  private final Settings.Files files;
  private final Optional<HttpConfig> http;

  BootChoices(Settings.Files files, Optional<HttpConfig> http) {
    this.files = files;
    this.http = http;
  }

  private static String base(Ipv4 server, int port) {
    return "http://" + server + (port == HTTP ? "" : ":" + port) + "/";
  }

  /**
   * For all nodes of which nothing else is configured.
   *
   * @param server our address that these nodes reach
   */
  BootChoice choice(Ipv4 server) {
    Optional<String> httpBase = http.map(config -> base(server, config.port()));
    Map<Architecture, String> each = new EnumMap<>(Architecture.class);
    best(UEFI_X64).ifPresent(name -> each.put(Architecture.UEFI_X64, name));
    best(UEFI_ARM64).ifPresent(name -> each.put(Architecture.UEFI_ARM64, name));
    String script = httpBase.orElse("") + "boot.ipxe";
    return new BootChoice(
        best(BIOS).or(() -> Optional.of("pxelinux.0")), each, Optional.of(script), httpBase);
  }

  private Optional<String> best(List<String> names) {
    return names.stream()
        .filter(name -> http.isPresent() || !name.equals("lpxelinux.0"))
        .filter(this::isThere)
        .findFirst();
  }

  /** In a directory of the user's under its name, or in a package's by its file name. */
  private boolean isThere(String name) {
    List<Path> places = new ArrayList<>();
    files.roots().forEach(root -> places.add(root.resolve(name)));
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    for (Path directory : files.loaders()) {
      places.add(directory.resolve(fileName));
      places.add(directory.resolve(fileName + ".signed"));
    }
    return places.stream().anyMatch(Files::isReadable);
  }
}
