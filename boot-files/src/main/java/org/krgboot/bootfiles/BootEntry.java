package org.krgboot.bootfiles;

import java.nio.file.Path;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.RootVersion;

/**
 * What the nodes boot, as the operator configured it.
 *
 * @param kernels the store of numbered kernels on this machine; perhaps there is none
 * @param nodeRoot the root file system of the nodes on this machine; its {@code boot} directory
 *     holds kernel and initrd
 * @param nfsServerPath the same root as nodes mount it: {@code 10.0.0.1:/NFSROOT/kerrighed}
 * @param nfsPort where NFS is served; 0 means that nodes ask the portmapper
 * @param mountPort where MOUNT is served; 0 means that nodes ask the portmapper
 * @param kernel name of the kernel in {@code boot}, or {@code kernels/NAME} for one of the store;
 *     empty means what is published there as default, else the newest of the node root
 * @param initrd name of the initrd in {@code boot}; empty means the one that belongs to the kernel
 * @param append more words for the kernel's command line, perhaps none
 * @param serialBaud speed of the first serial line, if the boot loader is to use it
 */
public record BootEntry(
    Path kernels,
    Path nodeRoot,
    String nfsServerPath,
    int nfsPort,
    int mountPort,
    Optional<String> kernel,
    Optional<String> initrd,
    String append,
    Optional<Integer> serialBaud) {
  /** nfs_root_parms of Linux 2.6 (fs/nfs/nfsroot.c) is 256 octets with the final NUL. */
  private static final int LONGEST_NFSROOT = 255;

  /** COMMAND_LINE_SIZE of Linux on x86 is 2048 with the final NUL; PXELINUX itself takes 4096. */
  private static final int LONGEST_COMMAND_LINE = 2047;

  /** What the boot loader adds in front: BOOT_IMAGE= and initrd= with names of 255 octets. */
  private static final int BOOT_LOADER_WORDS = 2 * (255 + 32);

  /**
   * The oldest kernels mount NFSv2 over UDP with 4 KiB blocks unless told. All of these options are
   * known to every kernel from 2.6.20 on and to klibc's nfsmount.
   */
  private static final String NFS_OPTIONS = ",v3,tcp,rsize=1048576,wsize=1048576";

  /** Refuses what the kernel would cut off or misread; the message says which setting. */
  public BootEntry {
    check(
        nfsServerPath.matches("[0-9]+(\\.[0-9]+){3}:/[\\x21-\\x7e&&[^,]]*"),
        "the NFS path '" + nfsServerPath + "' must be ADDRESS:/PATH without spaces and commas");
    check(
        !nfsServerPath.replace("%s", "").contains("%"),
        "the NFS path '" + nfsServerPath + "' must not hold '%': the kernel fills in for it");
    check(port(nfsPort) && port(mountPort), "NFS and MOUNT ports must be between 0 and 65535");
    kernel
        .filter(name -> !KernelVersion.isNamed(name))
        .ifPresent(name -> checkFileName("kernel", name));
    kernel.filter(KernelVersion::isNamed).ifPresent(BootEntry::checkStored);
    check(
        initrd.isEmpty() || kernel.filter(KernelVersion::isNamed).isEmpty(),
        "the kernel '" + kernel.orElse("") + "' has its own initrd, if any; leave out initrd");
    initrd.ifPresent(name -> checkFileName("initrd", name));
    check(
        append.chars().noneMatch(Character::isISOControl),
        "the words to append must be on one line, without control characters");
    serialBaud.ifPresent(
        baud -> check(baud >= 75 && baud <= 115_200, "the serial speed must be 75 to 115200"));
    String nfsRoot = nfsRoot(nfsServerPath, nfsPort, mountPort);
    check(
        nfsRoot.length() <= LONGEST_NFSROOT,
        "the NFS path is too long: with its options " + nfsRoot.length() + " of 255 octets");
    int length = commandLine(nfsRoot, append).length() + BOOT_LOADER_WORDS;
    check(
        length <= LONGEST_COMMAND_LINE,
        "the words to append are " + (length - LONGEST_COMMAND_LINE) + " octets too long");
  }

  /** The same root, as nodes mount it from another address of ours. */
  BootEntry servedBy(Ipv4 server) {
    String path = nfsServerPath.substring(nfsServerPath.indexOf(':'));
    return new BootEntry(
        kernels, nodeRoot, server + path, nfsPort, mountPort, kernel, initrd, append, serialBaud);
  }

  /**
   * What one node boots of it.
   *
   * @throws IllegalArgumentException if the kernel would cut it off or misread it
   */
  public BootEntry with(BootMenu.Pick pick) {
    return pick.kernel().isEmpty() && pick.initrd().isEmpty() && pick.append().isEmpty()
        ? this
        : new BootEntry(
            kernels,
            nodeRoot,
            nfsServerPath,
            nfsPort,
            mountPort,
            pick.kernel().or(() -> kernel),
            // Another kernel has another initrd.
            pick.initrd().or(() -> pick.kernel().isPresent() ? Optional.empty() : initrd),
            (append.strip() + " " + pick.append()).strip(),
            serialBaud);
  }

  /**
   * The same with the node root by the path of its version, if it is published from a store. The
   * configuration that a node reads once then names one version for all that follows: kernel,
   * initrd and root are of one make, whatever is published meanwhile.
   */
  BootEntry ofThisMoment() {
    return RootVersion.behind(nodeRoot).map(this::of).orElse(this);
  }

  private BootEntry of(RootVersion version) {
    String server = nfsServerPath.substring(0, nfsServerPath.indexOf(':') + 1);
    return new BootEntry(
        kernels,
        version.path(),
        server + version.path(),
        nfsPort,
        mountPort,
        kernel,
        initrd,
        append,
        serialBaud);
  }

  /** Under this name nodes find that file of the kernel's directory. */
  String bootFile(KernelChoice choice, String name) {
    return BootFiles.BOOT
        + choice
            .stored()
            .map(stored -> stored.version().tag())
            .or(() -> RootVersion.of(nodeRoot).map(RootVersion::tag))
            .map(tag -> tag + "/")
            .orElse("")
        + name;
  }

  /**
   * The same with the words that a kernel brings itself in front of the operator's, which win.
   *
   * @throws IllegalArgumentException if all of them together are too long
   */
  BootEntry saying(KernelChoice choice) {
    String words = choice.words();
    return words.isEmpty()
        ? this
        : new BootEntry(
            kernels,
            nodeRoot,
            nfsServerPath,
            nfsPort,
            mountPort,
            kernel,
            initrd,
            (words + " " + append.strip()).strip(),
            serialBaud);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("boot entry: " + otherwise);
    }
  }

  private static void checkStored(String name) {
    check(
        KernelVersion.isWellNamed(name),
        "the kernel '"
            + name
            + "' must be kernels/NAME as in krgboot kernel publish --as NAME,"
            + " or kernels/NUMBER");
  }

  private static void checkFileName(String what, String name) {
    check(
        name.matches("[\\x21-\\x7e&&[^/\\\\]]{1,255}") && !name.equals(".") && !name.equals(".."),
        what + " '" + name + "' must be the name of a file in the node root's boot directory");
  }

  private static boolean port(int number) {
    return number >= 0 && number <= 65535;
  }

  /** The kernel's command line, of which the boot loader's APPEND is made. */
  String commandLine(KernelChoice choice) {
    int told = understandsMountPort(choice) ? mountPort : 0;
    return commandLine(nfsRoot(nfsServerPath, nfsPort, told), append);
  }

  private static String commandLine(String nfsRoot, String append) {
    String line = "ip=dhcp root=/dev/nfs nfsroot=" + nfsRoot + " rw";
    return append.isBlank() ? line : line + " " + append.strip();
  }

  private static String nfsRoot(String serverPath, int nfsPort, int mountPort) {
    return serverPath
        + NFS_OPTIONS
        + (nfsPort == 0 ? "" : ",port=" + nfsPort)
        + (mountPort == 0 ? "" : ",mountport=" + mountPort);
  }

  /**
   * Only a kernel that mounts its root itself, and is not of the 2.6 age, knows {@code mountport=}.
   * The initrd's klibc nfsmount (usr/kinit/nfsmount/main.c) ends at it with "bad option", and so do
   * the option parsers of 2.6.20 and 2.6.30; these ask the portmapper for MOUNT in any case.
   */
  private static boolean understandsMountPort(KernelChoice choice) {
    return choice.initrd().isEmpty() && !choice.release().startsWith("2.");
  }
}
