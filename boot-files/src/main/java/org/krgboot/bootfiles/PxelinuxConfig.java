package org.krgboot.bootfiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** What PXELINUX reads: which names it asks for, and what stands in the file. */
final class PxelinuxConfig {
  static final String DIRECTORY = "pxelinux.cfg/";
  private static final String DEFAULT = "default";

  /** Hardware type 1, Ethernet, in front of the MAC address. */
  private static final String ETHERNET = "01-";

  private PxelinuxConfig() {}

  /**
   * The names after {@code asked} that PXELINUX would try for this node if it did not get {@code
   * asked}: MAC, address in hexadecimal, its shortened forms, "default" (doc/pxelinux.txt).
   *
   * @param asked the name below {@link #DIRECTORY}
   * @return empty if {@code asked} is not a name that is rendered for this node
   */
  static Optional<List<String>> namesAfter(String asked, Ipv4 node) {
    List<String> byAddress = names(node);
    if (isMac(asked)) {
      return Optional.of(byAddress);
    }
    if (asked.equals(node.hex())) {
      return Optional.of(byAddress.subList(1, byAddress.size()));
    }
    return asked.equals(DEFAULT) ? Optional.of(List.of()) : Optional.empty();
  }

  /** The names below {@link #DIRECTORY} for a node whose MAC address does not matter. */
  private static List<String> names(Ipv4 node) {
    List<String> names = new ArrayList<>(BootLoader.shortened(node));
    names.add(DEFAULT);
    return names;
  }

  /** All names that PXELINUX asks for in turn, but for the one by the machine's UUID. */
  static List<String> names(Ipv4 node, Optional<MacAddress> mac) {
    List<String> names = new ArrayList<>();
    mac.ifPresent(known -> names.add(DIRECTORY + ETHERNET + known.dashed()));
    names(node).forEach(name -> names.add(DIRECTORY + name));
    return names;
  }

  private static boolean isMac(String asked) {
    if (!asked.startsWith(ETHERNET)) {
      return false;
    }
    try {
      MacAddress mac = MacAddress.parse(asked.substring(ETHERNET.length()));
      return asked.toLowerCase(Locale.ROOT).equals(ETHERNET + mac.dashed());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * One entry, booted at once. {@code LINUX}, never {@code KERNEL}: PXELINUX takes a KERNEL whose
   * name ends in ".0", as "...-krg3.0.0" does, for a boot program.
   */
  static String render(BootEntry entry, KernelChoice choice) {
    StringBuilder text = new StringBuilder();
    entry.serialBaud().ifPresent(baud -> text.append("SERIAL 0 ").append(baud).append('\n'));
    text.append("DEFAULT krgboot\nPROMPT 0\nTIMEOUT 0\n\nLABEL krgboot\n");
    text.append("  LINUX ").append(BootFiles.BOOT).append(choice.kernel()).append('\n');
    choice
        .initrd()
        .ifPresent(
            initrd -> text.append("  INITRD ").append(BootFiles.BOOT).append(initrd).append('\n'));
    return text.append("  APPEND ").append(entry.commandLine(choice)).append('\n').toString();
  }
}
