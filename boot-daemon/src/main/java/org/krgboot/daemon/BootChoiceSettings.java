package org.krgboot.daemon;

import static org.krgboot.daemon.SettingKey.*;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.krgboot.dhcp.Architecture;
import org.krgboot.dhcp.BootChoice;

/** Which boot file which node gets, as all nodes are told it that no other scope speaks of. */
final class BootChoiceSettings {
  private static final Map<Architecture, SettingKey> KEYS =
      Map.of(
          Architecture.UEFI_IA32, DHCP_BOOT_FILE_UEFI_IA32,
          Architecture.UEFI_X64, DHCP_BOOT_FILE_UEFI_X64,
          Architecture.UEFI_ARM32, DHCP_BOOT_FILE_UEFI_ARM32,
          Architecture.UEFI_ARM64, DHCP_BOOT_FILE_UEFI_ARM64);

  private BootChoiceSettings() {}

  /** What is wrong with it goes to the problems; the defaults then stand for it. */
  static BootChoice read(RawSettings raw, Problems problems) {
    Map<Architecture, String> files = new EnumMap<>(Defaults.UEFI_BOOT_FILES);
    KEYS.forEach((architecture, key) ->
        raw.get(key, SettingParsers::line).ifPresent(file -> files.put(architecture, file)));
    files.values().removeIf(String::isEmpty);
    try {
      return new BootChoice(
          raw.get(DHCP_BOOT_FILE, SettingParsers::line).or(() -> Optional.of(Defaults.BOOT_FILE)),
          files,
          raw.get(DHCP_BOOT_FILE_IPXE, SettingParsers::line).filter(file -> !file.isEmpty()),
          raw.get(DHCP_HTTP_URL, SettingParsers::line).filter(url -> !url.isEmpty()));
    } catch (IllegalArgumentException e) {
      problems.add(raw.placeOf(DHCP_BOOT_FILE), String.valueOf(e.getMessage()));
      return BootChoice.of(Defaults.BOOT_FILE);
    }
  }
}
