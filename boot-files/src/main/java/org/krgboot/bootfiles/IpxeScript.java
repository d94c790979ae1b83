package org.krgboot.bootfiles;

/**
 * What iPXE runs. All names are relative: iPXE takes them from where it got the script, by HTTP or
 * by TFTP.
 */
final class IpxeScript {
  static final String NAME = "boot.ipxe";

  private IpxeScript() {}

  /**
   * Boots the kernel. {@code initrd=} is for UEFI, where the kernel fetches the initrd by its name
   * from iPXE (the kernel's Documentation/admin-guide/efi-stub.rst); BIOS kernels do not look.
   */
  static String render(BootEntry entry, KernelChoice choice) {
    StringBuilder text = new StringBuilder("#!ipxe\nkernel ");
    text.append(BootFiles.BOOT).append(choice.kernel());
    choice.initrd().ifPresent(initrd -> text.append(" initrd=").append(initrd));
    text.append(' ').append(entry.commandLine(choice)).append('\n');
    choice
        .initrd()
        .ifPresent(
            initrd -> text.append("initrd ").append(BootFiles.BOOT).append(initrd).append('\n'));
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
}
