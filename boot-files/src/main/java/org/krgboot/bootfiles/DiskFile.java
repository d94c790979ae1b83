package org.krgboot.bootfiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.krgboot.model.BootFile;

/** A real file. Renaming another over it leaves this one whole: the open file keeps the old. */
final class DiskFile implements BootFile {
  private final FileChannel channel;
  private final long size;
  private final Role role;

  private DiskFile(FileChannel channel, long size, Role role) {
    this.channel = channel;
    this.size = size;
    this.role = role;
  }

  /**
   * Opens a file that was seen to be regular, by a path without links. Between that look and this
   * call somebody who may write to the directory could put a FIFO there; the JDK has no
   * non-blocking open, so such a person could hold up one thread for blocking work, nothing else.
   */
  static DiskFile open(Path real, Role role) throws IOException {
    FileChannel channel =
        FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      return new DiskFile(channel, channel.size(), role);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** What a file is to a booting node, by the names that are usual for it. */
  static Role roleOf(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.matches("l?pxelinux\\.0|gpxelinux\\.0|.*\\.(c32|efi|kpxe|pxe|kkpxe|lkrn)")) {
      return Role.LOADER;
    }
    if (name.matches("(vmlinuz|vmlinux|bzimage|kernel|linux)([-._].*)?")) {
      return Role.KERNEL;
    }
    if (name.matches("(initrd|initramfs|initramdisk)([-._].*)?")) {
      return Role.INITRD;
    }
    return name.matches(".*\\.(cfg|conf|ipxe|msg)") ? Role.CONFIG : Role.OTHER;
  }

  @Override
  public Role role() {
    return role;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int before = into.position();
    long at = position;
    while (into.hasRemaining()) {
      int read = channel.read(into, at);
      if (read < 0) {
        break;
      }
      at += read;
    }
    return into.position() - before;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written, so nothing can be lost.
    }
  }
}
