package org.krgboot.bootfiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.krgboot.model.BootFile;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** What GRUB reads over the network, from {@code $prefix}, which is {@code /grub} in Debian's. */
final class GrubConfig {
  static final String DIRECTORY = "grub/";

  private static final String NAME = "grub.cfg";

  /**
   * What all ask for in the end, and Debian's signed GRUB alone: it has a script (its
   * debian/build-efi-images) that looks with {@code [ -e ]} for one of its platform, which finds
   * nothing over a network (grub-core/net/net.c, grub_net_fs_dir), and reads this else.
   */
  static final String LAST = DIRECTORY + NAME;

  private static final List<String> OF_PLATFORM =
      List.of("grub/x86_64-efi/" + NAME, "grub/arm64-efi/" + NAME);

  /** A mention of {@link #LAST}, and not of a name that is longer. */
  private static final Pattern MENTION = Pattern.compile("grub\\.cfg(?!-)");

  private static final int LONGEST_LOOKED_AT = 64 << 10;

  /**
   * Where a disk has its boot loader: the fallback of the UEFI specification (section 3.5.1.1),
   * which most systems install beside their own; Debian does not.
   */
  private static final List<String> LOADERS_ON_DISK =
      List.of(
          "/EFI/BOOT/BOOTX64.EFI",
          "/EFI/BOOT/BOOTAA64.EFI",
          "/EFI/debian/shimx64.efi",
          "/EFI/debian/grubx64.efi",
          "/EFI/debian/shimaa64.efi",
          "/EFI/debian/grubaa64.efi",
          "/EFI/Microsoft/Boot/bootmgfw.efi");

  private GrubConfig() {}

  /** By MAC, by address, for all: GRUB manual, "Network". */
  static List<String> names(Ipv4 node, Optional<MacAddress> mac) {
    List<String> names = new ArrayList<>();
    mac.ifPresent(known -> names.add(DIRECTORY + NAME + "-01-" + known.dashed()));
    BootLoader.shortened(node).forEach(hex -> names.add(DIRECTORY + NAME + "-" + hex));
    names.add(LAST);
    return names;
  }

  /** Whether this is the name under which a configuration is rendered: the last one asked for. */
  static boolean isRendered(String name) {
    return name.equals(LAST) || isOfPlatform(name);
  }

  /** Whether this stands for {@link #LAST} where there is no such file. */
  static boolean isOfPlatform(String name) {
    return OF_PLATFORM.contains(name);
  }

  /**
   * Whether a file for one node seems to read {@link #LAST} itself, as by {@code source}: in its
   * place it would get itself without end. Closes it then.
   */
  static boolean closedIfItReadsTheLast(BootFile file) {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), LONGEST_LOOKED_AT));
    boolean reads;
    try {
      file.read(bytes, 0);
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
      reads = MENTION.matcher(text).find();
    } catch (IOException e) {
      reads = true; // who asks for it by its name hears why
    }
    if (reads) {
      file.close();
    }
    return reads;
  }

  /**
   * The entries, of which one is booted at once, or after the menu's time. Where the machine has no
   * entry of that name GRUB takes the first (grub-core/normal/menu.c, run_menu).
   *
   * @param kernel of the node root; empty leaves that entry out
   */
  static String render(BootEntry entry, Optional<KernelChoice> kernel, BootMenu.Choice choice) {
    StringBuilder text = new StringBuilder();
    entry
        .serialBaud()
        .ifPresent(baud ->
            text.append("serial --unit=0 --speed=")
                .append(baud)
                .append("\nterminal_input serial console\nterminal_output serial console\n"));
    text.append("set timeout=").append(choice.seconds());
    text.append("\nset default=").append(choice.target().name()).append('\n');
    for (BootTarget target : choice.targets()) {
      String entryOf =
          switch (target) {
            case BootTarget.NodeRoot() ->
                kernel.map(found -> entry(target, nodeRoot(entry, found))).orElse("");
            case BootTarget.LocalDisk() -> entry(target, localDisk());
            case BootTarget.Program program ->
                "if [ "
                    + isOneOf(program)
                    + " ]; then\n"
                    + entry(target, program(program))
                    + "fi\n";
          };
      text.append(entryOf);
    }
    return text.toString();
  }

  /**
   * GRUB's {@code exit} tells UEFI that all went well, and firmware such as OVMF then shows its
   * setup in place of going on to the disk. So the disk's own boot loader is looked for.
   */
  private static String localDisk() {
    return """
      if [ $grub_platform = pc ]; then
        set root=hd0
        chainloader +1
        boot
      fi
      for file in %s; do
        if search --no-floppy --file $file --set=root; then
          chainloader $file
          boot
        fi
      done
      exit
    """
        .formatted(String.join(" ", LOADERS_ON_DISK));
  }

  private static String entry(BootTarget target, String commands) {
    return "menuentry '" + target.title() + "' --id " + target.name() + " {\n" + commands + "}\n";
  }

  /** GRUB knows where it runs: $grub_cpu and $grub_platform. */
  private static String isOneOf(BootTarget.Program program) {
    List<String> tests = new ArrayList<>();
    for (BootTarget.Platform platform : BootTarget.Platform.values()) {
      if (program.platforms().contains(platform)) {
        tests.add("$grub_cpu-$grub_platform = " + named(platform));
      }
    }
    return String.join(" -o ", tests);
  }

  private static String named(BootTarget.Platform platform) {
    return switch (platform) {
      case BIOS -> "i386-pc";
      case UEFI_X64 -> "x86_64-efi";
      case UEFI_ARM64 -> "arm64-efi";
    };
  }

  private static String nodeRoot(BootEntry entry, KernelChoice choice) {
    List<String> initrds =
        choice.initrd().map(initrd -> entry.bootFile(choice, initrd)).stream().toList();
    return linux(entry.bootFile(choice, choice.kernel()), initrds, entry.commandLine(choice));
  }

  private static String program(BootTarget.Program program) {
    String words = quoted(program.append().strip());
    return program.isStartedByFirmware()
        ? ("  chainloader /" + program.kernel() + " " + words).stripTrailing() + "\n"
        : linux(program.kernel(), program.initrds(), program.append().strip());
  }

  private static String linux(String kernel, List<String> initrds, String commandLine) {
    String first = "  linux /" + kernel + " " + quoted(commandLine);
    return first.stripTrailing()
        + "\n"
        + (initrds.isEmpty() ? "" : "  initrd /" + String.join(" /", initrds) + "\n");
  }

  /** Signs that mean something to GRUB's shell stand for themselves; words stay words. */
  private static String quoted(String words) {
    return words.replaceAll("([\\\\;&|<>{}$\"'#])", "\\\\$1");
  }
}
