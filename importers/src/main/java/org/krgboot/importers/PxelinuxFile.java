package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code pxelinux.cfg}. It is served as it is from the TFTP root, where it wins over what
 * krgboot renders; what is read here is what its entries would trip over, and the kernel parameters
 * of {@code default}, so that the rendered entry has them too.
 */
final class PxelinuxFile {
  /** PXELINUX takes a KERNEL with such a name for a boot program, syslinux.org "Config". */
  private static final Pattern BOOT_PROGRAM =
      Pattern.compile(".*\\.(0|bin|bs|bss|c32|img|com|cbt)", Pattern.CASE_INSENSITIVE);

  private static final Set<String> KNOWN =
      Set.of(
          "default",
          "label",
          "kernel",
          "linux",
          "append",
          "initrd",
          "ipappend",
          "sysappend",
          "timeout",
          "prompt",
          "display",
          "say",
          "menu",
          "localboot",
          "ontimeout",
          "totaltimeout",
          "onerror",
          "serial",
          "console",
          "include",
          "ui",
          "text",
          "endtext",
          "nohalt",
          "noescape",
          "allowoptions",
          "font",
          "kbdmap",
          "implicit",
          "config",
          "boot",
          "bss",
          "pxe",
          "fdimage",
          "comboot",
          "com32",
          "path",
          "f1",
          "f2",
          "f3",
          "f4",
          "f5",
          "f6",
          "f7",
          "f8",
          "f9",
          "f10");

  /** What the rendered entry says by itself. */
  private static final Pattern OWN =
      Pattern.compile("(ip|root|nfsroot|initrd|boot|BOOTIF|BOOT_IMAGE)=.*|rw|ro");

  private final Draft draft;
  private final Report report;
  private final String name;
  private String wanted = "";
  private String label = "";
  private boolean text;

  private PxelinuxFile(String name, Draft draft) {
    this.name = name;
    this.draft = draft;
    this.report = draft.report();
  }

  static void read(String file, String content, Draft draft) {
    PxelinuxFile reader = new PxelinuxFile(file.substring(file.lastIndexOf('/') + 1), draft);
    for (Lines.Line line : Lines.of(file, content)) {
      String stripped = line.text().strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        String[] parts = stripped.split("\\s+", 2);
        reader.line(
            line.place(), parts[0].toLowerCase(Locale.ROOT), parts.length > 1 ? parts[1] : "");
      }
    }
  }

  private void line(Place place, String keyword, String rest) {
    if (text) {
      text = !keyword.equals("endtext");
      return;
    }
    switch (keyword) {
      case "default" -> wanted = rest;
      case "label" -> label = rest;
      case "text" -> text = true;
      case "kernel" -> kernel(place, rest);
      case "append" -> append(place, rest);
      default -> {}
    }
    if (!KNOWN.contains(keyword)) {
      report.error(place, "PXELINUX knows no '" + keyword + "'");
    } else if (!keyword.equals("kernel") && !keyword.equals("append")) {
      report.used(place, "it is served as it is from the TFTP root");
    }
  }

  private void kernel(Place place, String kernel) {
    if (BOOT_PROGRAM.matcher(kernel).matches() && kernel.contains("vmlinu")) {
      report.conflict(
          place,
          "PXELINUX takes '"
              + kernel
              + "' for a boot program because of its end; write LINUX for"
              + " KERNEL, or remove the file and krgboot renders a right one");
    } else {
      report.used(place, "it is served as it is from the TFTP root");
    }
  }

  private void append(Place place, String parameters) {
    List<String> more = new ArrayList<>();
    for (String parameter : parameters.strip().split("\\s+", -1)) {
      Matcher own = OWN.matcher(parameter);
      if (!own.matches() && !parameter.isEmpty() && !parameter.equals("-")) {
        more.add(parameter);
      }
      if (parameter.startsWith("nfsroot=") && !parameter.matches(".*,(nfs)?v(ers=)?3(,.*)?")) {
        report.conflict(
            place,
            "kernels of Kerrighed's time mount '"
                + parameter
                + "' by NFSv2, which is not served; write ,v3,tcp behind it");
      }
    }
    boolean isDefault = name.equals("default") && (label.isEmpty() || label.equals(wanted));
    if (isDefault && !more.isEmpty()) {
      draft.append(String.join(" ", more), place);
    } else {
      report.used(place, "it is served as it is from the TFTP root");
    }
  }
}
