package org.krgboot.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;

/** The simplest tree: the files of one folder, one text, and one name that is a bug. */
final class FolderTree implements BootFileTree {
  static final String RENDERED = "#!ipxe made for this node";

  private final Path folder;
  private final AtomicInteger open = new AtomicInteger();

  FolderTree(Path folder) {
    this.folder = folder;
  }

  /** Files that nobody has closed; waits a little for those that are being closed. */
  int stillOpen() throws InterruptedException {
    for (int i = 0; i < 1000 && open.get() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return open.get();
  }

  @Override
  public Answer open(String name, Ipv4 node) {
    if (name.contains("..")) {
      return new Answer.Refused(Why.FORBIDDEN, "the name leads out of the boot files");
    }
    if (name.equals("throws")) {
      throw new IllegalStateException("a bug, for the test");
    }
    try {
      open.incrementAndGet();
      return new Answer.Found(
          name.equals("rendered") ? new Text() : new Real(folder.resolve(name)));
    } catch (IOException e) {
      open.decrementAndGet();
      return new Answer.Refused(Why.NOT_FOUND, "there is no file " + name);
    }
  }

  private final class Text implements BootFile {
    private final byte[] bytes = RENDERED.getBytes(StandardCharsets.UTF_8);

    @Override
    public Role role() {
      return Role.CONFIG;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      int length = Math.min(into.remaining(), bytes.length - (int) position);
      into.put(bytes, (int) position, length);
      return length;
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  private final class Real implements BootFile {
    private final FileChannel channel;
    private final Instant changed;
    private final String print;
    private final long size;

    Real(Path file) throws IOException {
      channel = FileChannel.open(file);
      changed = Files.getLastModifiedTime(file).toInstant();
      size = channel.size();
      print = Files.getAttribute(file, "unix:ino") + "-" + size;
    }

    @Override
    public Role role() {
      return Role.KERNEL;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return Math.max(0, channel.read(into, position));
    }

    @Override
    public Optional<FileChannel> channel() {
      return Optional.of(channel);
    }

    @Override
    public Optional<Instant> changed() {
      return Optional.of(changed);
    }

    @Override
    public Optional<String> fingerprint() {
      return Optional.of(print);
    }

    @Override
    public void close() {
      open.decrementAndGet();
      try {
        channel.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
