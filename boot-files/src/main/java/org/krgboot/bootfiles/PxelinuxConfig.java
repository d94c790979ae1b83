package org.krgboot.bootfiles;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /** What a configuration is made for. */
  enum Loader {
    /** {@code menu.c32} is there for it. */
    WITH_MENU,
    WITHOUT_MENU
  }

  /**
   * The entries, of which one is booted at once, or after the menu's time. Without a menu too they
   * are there for who holds Shift and types a name.
   *
   * @param kernel of the node root; empty leaves that entry out
   */
  static String render(
      BootEntry entry,
      Optional<KernelChoice> kernel,
      BootMenu.Choice choice,
      BootTarget.Platform platform,
      Loader loader) {
    Map<BootTarget, String> labels = labels(entry, kernel, choice, platform);
    BootTarget first =
        labels.containsKey(choice.target()) ? choice.target() : labels.keySet().iterator().next();
    boolean menu = choice.isShown() && loader == Loader.WITH_MENU;
    StringBuilder text = new StringBuilder();
    entry.serialBaud().ifPresent(baud -> text.append("SERIAL 0 ").append(baud).append('\n'));
    text.append(menu ? "UI menu.c32\nMENU TITLE krgboot\n" : "");
    text.append("DEFAULT ").append(first.name());
    text.append("\nPROMPT ").append(choice.isShown() && !menu ? 1 : 0);
    text.append("\nTIMEOUT ").append(choice.seconds() * 10).append('\n');
    text.append(first.equals(choice.target()) ? "" : instead(choice.target(), first));
    labels.forEach((target, lines) -> {
      text.append(choice.isShown() && !menu ? "SAY " + line(target) + "\n" : "");
      text.append("\nLABEL ").append(target.name()).append('\n');
      text.append(menu ? "  MENU LABEL " + target.title() + "\n" : "").append(lines);
    });
    return text.toString();
  }

  /** In the order of the menu; what this platform cannot boot is left out, the disk never is. */
  private static Map<BootTarget, String> labels(
      BootEntry entry,
      Optional<KernelChoice> kernel,
      BootMenu.Choice choice,
      BootTarget.Platform platform) {
    Map<BootTarget, String> labels = new LinkedHashMap<>();
    for (BootTarget target : choice.targets()) {
      switch (target) {
        case BootTarget.NodeRoot() ->
            kernel.ifPresent(found -> labels.put(target, nodeRoot(entry, found)));
        case BootTarget.LocalDisk() -> labels.put(target, "  LOCALBOOT 0\n");
        case BootTarget.Program program -> {
          if (program.platforms().contains(platform) && !program.isStartedByFirmware()) {
            labels.put(target, program(program));
          }
        }
      }
    }
    return labels;
  }

  /** PXELINUX would take a DEFAULT without a label for the name of a kernel. */
  private static String instead(BootTarget target, BootTarget other) {
    return "SAY " + target.name() + " is not for this machine, which boots " + other.name() + "\n";
  }

  private static String line(BootTarget target) {
    return target.name() + " - " + target.title();
  }

  /**
   * {@code LINUX}, never {@code KERNEL}: PXELINUX takes a KERNEL whose name ends in ".0", as
   * "...-krg3.0.0" does, for a boot program.
   */
  private static String nodeRoot(BootEntry entry, KernelChoice choice) {
    StringBuilder text = new StringBuilder("  LINUX ");
    text.append(entry.bootFile(choice, choice.kernel())).append('\n');
    choice
        .initrd()
        .ifPresent(
            initrd -> text.append("  INITRD ").append(entry.bootFile(choice, initrd)).append('\n'));
    return text.append("  APPEND ").append(entry.commandLine(choice)).append('\n').toString();
  }

  private static String program(BootTarget.Program program) {
    StringBuilder text = new StringBuilder("  LINUX ").append(program.kernel()).append('\n');
    if (!program.initrds().isEmpty()) {
      text.append("  INITRD ").append(String.join(",", program.initrds())).append('\n');
    }
    if (!program.append().isBlank()) {
      text.append("  APPEND ").append(program.append().strip()).append('\n');
    }
    return text.toString();
  }
}
