package org.krgboot.bootfiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.krgboot.model.BootFile;

/** A real file. Renaming another over it leaves this one whole: the open file keeps the old. */
final class DiskFile implements BootFile {
  private final FileChannel channel;
  private final long size;
  private final Role role;
  private final BasicFileAttributes attributes;

  private DiskFile(FileChannel channel, long size, Role role, BasicFileAttributes attributes) {
    this.channel = channel;
    this.size = size;
    this.role = role;
    this.attributes = attributes;
  }

  /**
   * Opens it for reading, once it is seen that it is a regular file.
   *
   * @return empty if it is none
   */
  static Optional<DiskFile> open(Held held, Role role) throws IOException {
    Path name = held.name();
    BasicFileAttributes attributes = Files.readAttributes(name, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      return Optional.empty();
    }
    FileChannel channel = FileChannel.open(name, StandardOpenOption.READ);
    try {
      return Optional.of(new DiskFile(channel, channel.size(), role, attributes));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** What a file is to a booting node, by the names that are usual for it. */
  static Role roleOf(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.matches("l?pxelinux\\.0|gpxelinux\\.0|.*\\.(c32|e32|e64|efi|kpxe|pxe|kkpxe|lkrn)")) {
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
  public Optional<FileChannel> channel() {
    return Optional.of(channel);
  }

  @Override
  public Optional<Instant> changed() {
    return Optional.of(attributes.lastModifiedTime().toInstant());
  }

  /** Which file, when it was changed, and how long it is: a rename over it changes the first. */
  @Override
  public Optional<String> fingerprint() {
    Instant changed = attributes.lastModifiedTime().toInstant();
    long time = changed.getEpochSecond() * 1_000_000_000L + changed.getNano();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%x-%x-%x",
            Objects.hashCode(attributes.fileKey()) & 0xffffffffL,
            time,
            size));
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int before = into.position();
    int read = 0;
    while (into.hasRemaining() && read >= 0) {
      // a read may stop early, at a signal or a page that is not there yet
      read = channel.read(into, position + into.position() - before);
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
