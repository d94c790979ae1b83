package org.krgboot.bootfiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** What GRUB reads over the network, from {@code $prefix}, which is {@code /grub} in Debian's. */
final class GrubConfig {
  static final String DIRECTORY = "grub/";

  /** Debian's signed GRUB looks here first (its debian/build-efi-images). */
  private static final String FOR_X64 = "grub/x86_64-efi/";

  private static final String NAME = "grub.cfg";

  private GrubConfig() {}

  /** By MAC, by address, for all: GRUB manual, "Network". */
  static List<String> names(Ipv4 node, Optional<MacAddress> mac) {
    List<String> names = new ArrayList<>();
    mac.ifPresent(known -> names.add(DIRECTORY + NAME + "-01-" + known.dashed()));
    BootLoader.shortened(node).forEach(hex -> names.add(DIRECTORY + NAME + "-" + hex));
    names.add(DIRECTORY + NAME);
    return names;
  }

  /** Whether this is the name under which a configuration is rendered: the last one asked for. */
  static boolean isRendered(String name) {
    return name.equals(DIRECTORY + NAME) || name.equals(FOR_X64 + NAME);
  }

  static String render(BootEntry entry, KernelChoice choice) {
    StringBuilder text = new StringBuilder();
    entry
        .serialBaud()
        .ifPresent(baud ->
            text.append("serial --unit=0 --speed=")
                .append(baud)
                .append("\nterminal_input serial console\nterminal_output serial console\n"));
    text.append("set timeout=0\nmenuentry krgboot {\n  linux /")
        .append(BootFiles.BOOT)
        .append(choice.kernel())
        .append(' ')
        .append(quoted(entry.commandLine(choice)))
        .append('\n');
    choice
        .initrd()
        .ifPresent(
            initrd -> text.append("  initrd /").append(BootFiles.BOOT).append(initrd).append('\n'));
    return text.append("}\n").toString();
  }

  /** Signs that mean something to GRUB's shell stand for themselves; words stay words. */
  private static String quoted(String words) {
    return words.replaceAll("([\\\\;&|<>{}$\"'#])", "\\\\$1");
  }
}
