package org.krgboot.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What a bzImage says of itself in its setup header (Linux, Documentation/arch/x86/boot.rst, "The
 * Real-Mode Kernel Header").
 *
 * @param release as {@code uname -r} prints it, and as the directory of its modules is called
 * @param version the whole text: release, who built it, where, when
 * @param protocol of boot loaders: 0x020f is 2.15
 */
public record KernelImage(String release, String version, int protocol) {
  /** setup_sects is one octet; one more sector is before the setup code. */
  private static final int LONGEST_SETUP = (255 + 1) * 512;

  /** Up to the field kernel_version and a little more. */
  private static final int SHORTEST = 0x218;

  private static final int SETUP_SECTS = 0x1f1;
  private static final int SYSSIZE = 0x1f4;
  private static final int BOOT_FLAG = 0x1fe;
  private static final int HEADER = 0x202;
  private static final int VERSION = 0x206;
  private static final int KERNEL_VERSION = 0x20e;
  private static final int LOADFLAGS = 0x211;

  /** "HdrS", little-endian. */
  private static final int MAGIC = 0x53726448;

  private static final int LOADED_HIGH = 1;

  /** From here on syssize has four octets, and counts (boot protocol 2.04). */
  private static final int WITH_SIZE = 0x0204;

  /** __NEW_UTS_LEN of Linux, for what stands before the first blank. */
  private static final int LONGEST_RELEASE = 64;

  private static final int LONGEST_VERSION = 512;

  /**
   * Reads a kernel's header.
   *
   * @throws KernelException if no boot loader of ours could start the file
   */
  public static KernelImage read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new KernelException(file + " is no regular file");
    }
    try (InputStream content = Files.newInputStream(file)) {
      return parse(content.readNBytes(LONGEST_SETUP), Files.size(file));
    } catch (KernelException e) {
      throw new KernelException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The same of its first octets.
   *
   * @param size of the whole file
   */
  static KernelImage parse(byte[] start, long size) throws KernelException {
    ByteBuffer head = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    if (start.length < SHORTEST
        || head.getInt(HEADER) != MAGIC
        || (head.getShort(BOOT_FLAG) & 0xffff) != 0xaa55) {
      throw new KernelException(
          "no \"HdrS\" where a bzImage has it: this is no kernel that a boot loader can start;"
              + " make bzImage and take arch/x86/boot/bzImage, not vmlinux");
    }
    int protocol = head.getShort(VERSION) & 0xffff;
    if (protocol < 0x0200 || (head.get(LOADFLAGS) & LOADED_HIGH) == 0) {
      throw new KernelException("this is a zImage, which boots from floppies only; make bzImage");
    }
    int sectors = start[SETUP_SECTS] & 0xff;
    int setup = ((sectors == 0 ? 4 : sectors) + 1) * 512;
    long needed = setup + (protocol < WITH_SIZE ? 0 : 16L * (head.getInt(SYSSIZE) & 0xffffffffL));
    // The last paragraph of 16 octets need not be full.
    if (size + 15 < needed) {
      throw new KernelException(
          "the kernel is cut off: it has " + size + " octets, its header says " + needed);
    }
    String version = version(head, setup);
    int blank = version.indexOf(' ');
    String release = blank < 0 ? version : version.substring(0, blank);
    if (!isRelease(release)) {
      throw new KernelException("the header names no release; is the kernel damaged?");
    }
    return new KernelImage(release, version, protocol);
  }

  /** Whether a kernel can be called so: a name of a directory in /lib/modules. */
  static boolean isRelease(String text) {
    return text.length() <= LONGEST_RELEASE && text.matches("[0-9][A-Za-z0-9._+~-]*");
  }

  /** Printable ASCII up to the NUL; it stands within the setup code. */
  private static String version(ByteBuffer head, int setup) {
    int from = (head.getShort(KERNEL_VERSION) & 0xffff) + 0x200;
    int end = Math.min(Math.min(head.limit(), setup), from + LONGEST_VERSION);
    StringBuilder text = new StringBuilder();
    for (int at = from; at < end && head.get(at) >= ' ' && head.get(at) < 0x7f; at++) {
      text.append((char) head.get(at));
    }
    return from == 0x200 ? "" : text.toString();
  }
}
