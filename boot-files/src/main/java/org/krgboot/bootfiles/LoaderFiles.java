package org.krgboot.bootfiles;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree.Answer;

/** Boot loaders as the distribution's packages install them, found by file name alone. */
final class LoaderFiles {
  /** What UEFI of 64-bit PCs loads has its modules below this. */
  static final String EFI64 = "efi64/";

  /**
   * Modules of the same name exist for BIOS and for UEFI; directories of these names hold the
   * latter.
   */
  private static final List<String> FIRMWARES = List.of("efi64", "efi32");

  /** Names that loaders and firmware ask for, and what the packages call the file. */
  private static final Map<String, String> PACKAGED =
      Map.of(
          "shimx64.efi", "shimx64.efi.signed",
          "bootx64.efi", "shimx64.efi.signed",
          "grubx64.efi", "grubnetx64.efi.signed",
          "shimaa64.efi", "shimaa64.efi.signed",
          "bootaa64.efi", "shimaa64.efi.signed",
          "grubaa64.efi", "grubnetaa64.efi.signed");

  private final List<Path> directories;

  LoaderFiles(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  /** Where Debian and its relatives put them. */
  static List<Path> ofDistribution() {
    return List.of(
        Path.of("/usr/lib/PXELINUX"),
        Path.of("/usr/lib/syslinux/modules/bios"),
        Path.of("/usr/lib/SYSLINUX.EFI/efi64"),
        Path.of("/usr/lib/syslinux/modules/efi64"),
        Path.of("/usr/lib/SYSLINUX.EFI/efi32"),
        Path.of("/usr/lib/syslinux/modules/efi32"),
        Path.of("/usr/lib/ipxe"),
        Path.of("/usr/lib/shim"),
        Path.of("/usr/lib/grub/x86_64-efi-signed"),
        Path.of("/usr/lib/grub/arm64-efi-signed"));
  }

  Answer open(String name) {
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    Answer answer = Jail.notFound(name);
    if (DiskFile.roleOf(fileName) != BootFile.Role.LOADER) {
      return answer;
    }
    String firmware = name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
    for (String wanted : List.of(fileName, PACKAGED.getOrDefault(fileName, fileName))) {
      for (int i = 0; i < directories.size() && BootFiles.isMissing(answer); i++) {
        if (fits(directories.get(i), firmware)) {
          answer = Jail.of(directories.get(i)).open(wanted, BootFile.Role.LOADER);
        }
      }
    }
    return answer;
  }

  private static boolean fits(Path directory, String firmware) {
    String last = String.valueOf(directory.getFileName());
    return FIRMWARES.contains(firmware) ? last.equals(firmware) : !FIRMWARES.contains(last);
  }

  /** The name without the directory that stands for a kind of firmware. */
  static String withoutFirmware(String name) {
    int slash = name.indexOf('/');
    return slash > 0 && FIRMWARES.contains(name.substring(0, slash))
        ? name.substring(slash + 1)
        : name;
  }
}
