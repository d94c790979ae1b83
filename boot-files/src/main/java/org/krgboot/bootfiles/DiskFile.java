package org.krgboot.bootfiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.BootFile;

/** A real file. Renaming another over it leaves this one whole: the open file keeps the old. */
final class DiskFile implements BootFile {
  private final SeekableByteChannel channel;
  private final long size;
  private final Role role;
  private final BasicFileAttributes attributes;

  private DiskFile(
      SeekableByteChannel channel, long size, Role role, BasicFileAttributes attributes) {
    this.channel = channel;
    this.size = size;
    this.role = role;
    this.attributes = attributes;
  }

  /**
   * Opens a file that was seen to be regular, by a path without links. Nodes may write to their own
   * {@code boot} directory, and could put a link there between that look and this call; so no link
   * is followed on the way. They could put a FIFO there too; the JDK has no non-blocking open, so
   * such a node could hold up one thread for blocking work, nothing else.
   *
   * @param top a directory above it, whose path only the operator can change
   */
  static DiskFile open(Path top, Path real, Role role) throws IOException {
    try (DirectoryStream<Path> directory = Files.newDirectoryStream(top)) {
      return open(directory, top.relativize(real), role);
    }
  }

  private static DiskFile open(DirectoryStream<Path> directory, Path name, Role role)
      throws IOException {
    if (!(directory instanceof SecureDirectoryStream<Path> here)) {
      throw new IOException("this system opens no files relative to a directory (openat)");
    }
    Path first = name.getName(0);
    if (name.getNameCount() > 1) {
      try (SecureDirectoryStream<Path> next =
          here.newDirectoryStream(first, LinkOption.NOFOLLOW_LINKS)) {
        return open(next, name.subpath(1, name.getNameCount()), role);
      }
    }
    // Looked at before it is opened: if it is replaced in between, the tag is the old one's, and
    // whoever keeps the new content under it asks again and gets it.
    BasicFileAttributes attributes =
        here.getFileAttributeView(first, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
    SeekableByteChannel channel =
        here.newByteChannel(first, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    try {
      return new DiskFile(channel, channel.size(), role, attributes);
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
    return channel instanceof FileChannel file ? Optional.of(file) : Optional.empty();
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
      read = readOnce(into, position + into.position() - before);
    }
    return into.position() - before;
  }

  /** In one system call where it is a file's own channel, as on Linux it always is. */
  private int readOnce(ByteBuffer into, long position) throws IOException {
    if (channel instanceof FileChannel file) {
      return file.read(into, position);
    }
    channel.position(position);
    return channel.read(into);
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
