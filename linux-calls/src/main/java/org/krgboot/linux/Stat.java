package org.krgboot.linux;

/**
 * What statx(2) says of a file.
 *
 * @param mode kind and permissions, {@link FileModes}
 * @param uid the owner, as the 32 bits of an unsigned number
 * @param blocks of 512 bytes each
 * @param birth when the file was made; 0, 0 if the file system does not say
 * @param device the device that the file is, where it is one; else 0, 0
 * @param fileSystem the device that holds the file
 * @param mountId the mount through which it was reached
 */
public record Stat(
    int mode,
    long links,
    int uid,
    int gid,
    long inode,
    long size,
    long blocks,
    long blockSize,
    Time access,
    Time modify,
    Time change,
    Time birth,
    Device device,
    Device fileSystem,
    long mountId) {

  /** Seconds since 1970, negative before, and nanoseconds. */
  public record Time(long seconds, int nanos) {}

  /** A device number in its two parts. */
  public record Device(int major, int minor) {}

  /** The kind of file: {@link FileModes#S_IFMT} of the mode. */
  public int kind() {
    return mode & FileModes.S_IFMT;
  }

  public boolean isDirectory() {
    return kind() == FileModes.S_IFDIR;
  }

  public boolean isRegular() {
    return kind() == FileModes.S_IFREG;
  }

  public boolean isSymbolicLink() {
    return kind() == FileModes.S_IFLNK;
  }

  /** Permissions with set-id and sticky bits, without the kind. */
  public int permissions() {
    return mode & 07777;
  }
}
