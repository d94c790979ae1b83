package org.krgboot.bootfiles;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    String hex = node.hex();
    List<String> shorter = IntStream.range(1, 8).mapToObj(i -> hex.substring(0, 8 - i)).toList();
    List<String> afterHex = Stream.concat(shorter.stream(), Stream.of(DEFAULT)).toList();
    if (isMac(asked)) {
      return Optional.of(Stream.concat(Stream.of(hex), afterHex.stream()).toList());
    }
    if (asked.equals(hex)) {
      return Optional.of(afterHex);
    }
    return asked.equals(DEFAULT) ? Optional.of(List.of()) : Optional.empty();
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
