package org.krgboot.linux;

/**
 * Room in a file system, statvfs(3). Block counts are in units of {@code fragmentSize} bytes.
 *
 * @param available free blocks for all but root
 * @param flags mount flags, ST_RDONLY = 1
 */
public record StatVfs(
    long blockSize,
    long fragmentSize,
    long blocks,
    long free,
    long available,
    long files,
    long freeFiles,
    long nameMax,
    long flags) {
  public static final long ST_RDONLY = 1;
}
