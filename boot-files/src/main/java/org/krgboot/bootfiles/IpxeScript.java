package org.krgboot.bootfiles;

import java.util.List;
import java.util.Optional;

/**
 * What iPXE runs. All names are relative: iPXE takes them from where it got the script, by HTTP or
 * by TFTP.
 */
final class IpxeScript {
  static final String NAME = "boot.ipxe";

  private static final String FIRST_LINE = "#!ipxe\n";

  private IpxeScript() {}

  /**
   * Boots the target, or shows the menu first.
   *
   * @param kernel of the node root; empty leaves that entry out
   */
  static String render(BootEntry entry, Optional<KernelChoice> kernel, BootMenu.Choice choice) {
    if (!choice.isShown()) {
      return FIRST_LINE + section(entry, kernel, choice.target());
    }
    StringBuilder text =
        new StringBuilder(FIRST_LINE + "menu krgboot || goto " + choice.target().name() + "\n");
    StringBuilder sections = new StringBuilder();
    for (BootTarget target : choice.targets()) {
      String section = section(entry, kernel, target);
      if (!section.isEmpty()) {
        text.append(item(target));
        sections.append(':').append(target.name()).append('\n').append(section);
      }
    }
    text.append("choose --default ").append(choice.target().name());
    text.append(" --timeout ").append(choice.seconds() * 1000);
    // Esc: what would have been booted in the end, as by an iPXE that was built without menus.
    text.append(" target || set target ").append(choice.target().name());
    return text.append("\ngoto ${target}\n").append(sections).toString();
  }

  /**
   * A line of the menu; programs of other machines are left out by iPXE, which knows where it is.
   */
  private static String item(BootTarget target) {
    String item = "item " + target.name() + " " + target.title() + "\n";
    if (!(target instanceof BootTarget.Program program)) {
      return item;
    }
    StringBuilder lines = new StringBuilder();
    for (BootTarget.Platform platform : BootTarget.Platform.values()) {
      if (program.platforms().contains(platform)) {
        lines.append("iseq ${platform}-${buildarch} ").append(named(platform));
        lines.append(" && ").append(item.strip()).append(" ||\n");
      }
    }
    return lines.toString();
  }

  /** As iPXE's settings have it; its 64-bit build for PCs is i386 under BIOS. */
  private static String named(BootTarget.Platform platform) {
    return switch (platform) {
      case BIOS -> "pcbios-i386";
      case UEFI_X64 -> "efi-x86_64";
      case UEFI_ARM64 -> "efi-arm64";
    };
  }

  private static String section(BootEntry entry, Optional<KernelChoice> kernel, BootTarget target) {
    return switch (target) {
      case BootTarget.NodeRoot() -> kernel.map(found -> nodeRoot(entry, found)).orElse("");
      // UEFI goes on with the next entry of its own list, but only after a failure: after success
      // it shows its setup (UEFI 2.10, section 3.1.1). A BIOS is handed its first disk.
      case BootTarget.LocalDisk() ->
          "iseq ${platform} efi && exit 1 ||\nsanboot --no-describe --drive 0x80 || exit\n";
      case BootTarget.Program program ->
          boot(program.kernel(), program.initrds(), program.append().strip());
    };
  }

  private static String nodeRoot(BootEntry entry, KernelChoice choice) {
    List<String> initrds =
        choice.initrd().map(initrd -> entry.bootFile(choice, initrd)).stream().toList();
    return boot(entry.bootFile(choice, choice.kernel()), initrds, entry.commandLine(choice));
  }

  /**
   * {@code initrd=} is for UEFI, where the kernel fetches the initrd by its name from iPXE (the
   * kernel's Documentation/admin-guide/efi-stub.rst); BIOS kernels do not look.
   */
  private static String boot(String kernel, List<String> initrds, String commandLine) {
    StringBuilder text = new StringBuilder("kernel ").append(kernel);
    for (String initrd : initrds) {
      text.append(" initrd=").append(initrd.substring(initrd.lastIndexOf('/') + 1));
    }
    text.append(commandLine.isEmpty() ? "" : " " + commandLine).append('\n');
    initrds.forEach(initrd -> text.append("initrd ").append(initrd).append('\n'));
    return text.append("boot\n").toString();
  }

  /**
   * Loads PXELINUX, which reads the user's files. Option 210 tells it where they are; over HTTP
   * that takes lpxelinux.0, and a name alone would be looked for beside this script.
   */
  static String toPxelinux() {
    return """
    #!ipxe
    # There are PXELINUX files for this node in the TFTP root: PXELINUX is to read them.
    iseq ${platform} efi && goto efi ||
    set 210:string tftp://${next-server}/
    chain pxelinux.0
    :efi
    set 210:string tftp://${next-server}/efi64/
    chain efi64/syslinux.efi
    """;
  }

  /**
   * Loads syslinux.efi where that runs, which reads the user's files below {@code efi64/}; other
   * machines do what the script says. No target has a name in capitals, so no label does.
   *
   * @param script {@link #render}
   */
  static String toSyslinuxOnUefi(String script) {
    return """
    #!ipxe
    # PXELINUX files for this node are in efi64/ of the TFTP root: syslinux.efi is to read them.
    iseq ${platform}-${buildarch} efi-x86_64 || goto OTHERS
    set 210:string tftp://${next-server}/efi64/
    chain efi64/syslinux.efi
    :OTHERS
    """
        + script.substring(FIRST_LINE.length());
  }
}
