package org.krgboot.lab;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.krgboot.model.BootStage;

/**
 * Why a kernel did not boot, as far as its console and the servers tell.
 *
 * @param what happened
 * @param lookAt what to do about it
 */
record TrialFault(String what, String lookAt) {
  private static final int SHOWN = 25;

  /** Registers and the call trace of a panic, which say little to an operator. */
  private static final Pattern TRACE =
      Pattern.compile(
          "^(\\[ *[0-9]+\\.[0-9]+\\] +)?((\\? )?[\\w.]+\\+0x.*|(Code|RIP|RSP|[A-Z][A-Z0-9]{1,2}): .*"
              + "|</?TASK>|Call Trace:)");

  /** How it ended. */
  enum End {
    /** It went on, or said nothing more, until the time was over. */
    SILENCE,
    /** The machine was reset. */
    RESET
  }

  private static final Pattern GIVEN_UP =
      Pattern.compile(
          "Kernel panic - not syncing|FATAL: kernel too old|IP-Config: No network devices"
              + "|Network device did not appear");

  /** Of a Linux kernel, as opposed to its boot loader. */
  private static final Pattern KERNEL = Pattern.compile("Linux version [0-9]");

  /** What a console says, in the order in which it counts. */
  private enum Sign {
    NO_DEVICE(
        "IP-Config: No network devices|Waiting up to [0-9]+ more seconds for network"
            + "|Network device did not appear|ipconfig: no devices",
        "the kernel has no driver for the network card",
        "CONFIG_NETDEVICES, CONFIG_ETHERNET and the card's own driver, =y and not =m without an"
            + " initrd: E1000 for --nic e1000, VIRTIO_PCI and VIRTIO_NET for --nic virtio"),
    TOO_OLD(
        "FATAL: kernel too old",
        "the C library of the node root wants a newer kernel",
        "take a node root of the kernel's age, or one with a static init"),
    NO_INIT(
        "No (working )?init found|Requested init .* failed",
        "it mounted its root, and init did not run",
        "the root's /sbin/init: is it there, static or with its libraries, for this processor?"
            + " In the kernel: BINFMT_ELF, BINFMT_SCRIPT, and what that init wants"),
    NO_ANSWER(
        "IP-Config: Retrying forever|IP-Config: Reopening network devices|DHCP/BOOTP.*timed out",
        "the kernel asks for an address and hears nothing",
        "does the card's driver work with this kernel? Try --nic e1000, rtl8139 or virtio"),
    NFS_VERSION(
        "Root-NFS: (Server returned error|unable to get)|VFS: Unable to mount root fs via NFS",
        "the kernel has an address and cannot mount its root",
        "CONFIG_NFS_V3=y; daemon.log tells what it asked for"),
    NO_ROOT_NFS(
        "Cannot open root device \"?nfs|unknown-block\\(0,255\\)|Unable to mount root fs",
        "the kernel does not know how to mount a root by NFS",
        "CONFIG_ROOT_NFS=y, CONFIG_NFS_FS=y, CONFIG_IP_PNP=y, CONFIG_IP_PNP_DHCP=y: olddefconfig"
            + " drops what it cannot satisfy, so look into the result's config"),
    INIT_ENDED(
        "Attempted to kill init",
        "the first program ended: that of the initrd, or the root's init",
        "what it said before that, below; is it for this processor, static or with its libraries?"),
    OTHER(
        "Kernel panic - not syncing: (?!No (working )?init)",
        "the kernel stopped with a panic",
        "its last lines, below");

    private final Pattern pattern;
    private final String what;
    private final String lookAt;

    Sign(String pattern, String what, String lookAt) {
      this.pattern = Pattern.compile(pattern);
      this.what = what;
      this.lookAt = lookAt;
    }

    /** A kernel that has no root finds no init either, and one with an address has a driver. */
    private boolean fits(BootStage reached) {
      return switch (this) {
        case NO_DEVICE, NO_ANSWER -> reached.compareTo(BootStage.STARTING) < 0;
        case TOO_OLD, NO_INIT -> reached.compareTo(BootStage.MOUNTED) >= 0;
        case NFS_VERSION, NO_ROOT_NFS, INIT_ENDED, OTHER -> true;
      };
    }
  }

  /** Whether nothing more can be expected of it. */
  static boolean hasGivenUp(String console) {
    return GIVEN_UP.matcher(console).find();
  }

  /** The last lines of a console that tell something. */
  static List<String> lastLines(String console) {
    List<String> lines =
        console
            .lines()
            .filter(line -> !line.isBlank() && !TRACE.matcher(line.strip()).find())
            .toList();
    return lines.subList(Math.max(0, lines.size() - SHOWN), lines.size());
  }

  /**
   * The likely cause.
   *
   * @param reached how far the servers saw it
   * @param console all that came over the serial line
   */
  static TrialFault of(Optional<BootStage> reached, End end, String console) {
    for (Sign sign : Sign.values()) {
      if (sign.fits(reached.orElse(BootStage.DHCP)) && sign.pattern.matcher(console).find()) {
        return new TrialFault(sign.what, sign.lookAt);
      }
    }
    BootStage stage = reached.orElse(BootStage.DHCP);
    boolean spoke = KERNEL.matcher(console).find();
    return switch (stage) {
      case DHCP, LOADER ->
          new TrialFault(
              reached.isEmpty()
                  ? "the machine's firmware was not heard of"
                  : "the boot loader did not get as far as the kernel",
              "this is not the kernel's fault; see daemon.log");
      case KERNEL -> end == End.RESET ? reset() : spoke ? mute() : silence();
      case STARTING -> noMount();
      case MOUNTED, READING, INIT, UP ->
          new TrialFault(
              "it mounted its root, and then "
                  + (end == End.RESET ? "the machine was reset" : "nothing more came of it"),
              "the root's /sbin/init, and its last lines, below");
    };
  }

  private static TrialFault reset() {
    return new TrialFault(
        "the machine was reset right after the kernel was loaded: a triple fault",
        "how it was compiled: a new compiler makes code for an old kernel that it cannot run so"
            + " early (SSE or MMX, the vectoriser, PIE, stack protector, CET); or more --memory");
  }

  private static TrialFault silence() {
    return new TrialFault(
        "the kernel was loaded and has not said a word",
        "whether it can speak: CONFIG_SERIAL_8250_CONSOLE, CONFIG_PRINTK, CONFIG_EARLY_PRINTK;"
            + " then how it was compiled, and --memory");
  }

  private static TrialFault mute() {
    return new TrialFault(
        "the kernel runs and asks for no address",
        "CONFIG_IP_PNP=y and CONFIG_IP_PNP_DHCP=y, or an initrd; the card's driver; its last lines,"
            + " below");
  }

  private static TrialFault noMount() {
    return new TrialFault(
        "the kernel has an address and does not mount its root",
        "CONFIG_ROOT_NFS=y and CONFIG_NFS_V3=y; daemon.log tells what it asked for");
  }
}
