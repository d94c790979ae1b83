package org.krgboot.settings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Writes a file whole or not at all. */
public final class NewFile {
  private NewFile() {}

  /** Refuses to replace a file. */
  public static void create(Path file, String content) throws IOException {
    Path written = written(file, content);
    try {
      Files.createLink(file, written); // unlike a move it never replaces what is there
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " is there already; use --overwrite to replace it", e);
    } finally {
      Files.delete(written);
    }
  }

  /** What is there already keeps its owner and its mode. It is on the disk when this returns. */
  public static void replace(Path file, String content) throws IOException {
    Path written = written(file, content);
    try {
      if (Files.exists(file)) {
        likeThat(written, file);
      }
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(Objects.requireNonNull(written.getParent()));
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static void likeThat(Path written, Path old) throws IOException {
    PosixFileAttributes before = Files.readAttributes(old, PosixFileAttributes.class);
    PosixFileAttributeView view =
        Objects.requireNonNull(Files.getFileAttributeView(written, PosixFileAttributeView.class));
    PosixFileAttributes now = view.readAttributes();
    if (!now.owner().equals(before.owner())) {
      view.setOwner(before.owner());
    }
    if (!now.group().equals(before.group())) {
      view.setGroup(before.group());
    }
    view.setPermissions(before.permissions());
  }

  /** Of a directory: the names in it. */
  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path written(Path file, String content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException("there is no directory for " + file);
    }
    Path written =
        Files.createTempFile(
            directory,
            ".krgboot-",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(written);
      throw e;
    }
    return written;
  }
}
