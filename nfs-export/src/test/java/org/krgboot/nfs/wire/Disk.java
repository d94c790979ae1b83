package org.krgboot.nfs.wire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.OpenFlags;

/** A small file system of its own, to be filled, made read-only, or cut off from its power. */
final class Disk implements AutoCloseable {
  /** EXT4_IOC_SHUTDOWN, Linux fs/ext4/ext4.h: _IOR('X', 125, __u32). */
  private static final long SHUTDOWN = 0x8004587dL;

  /** EXT4_GOING_FLAGS_NOLOGFLUSH: what is not on disk by now is lost, the journal's tail too. */
  private static final int WITHOUT_FLUSH = 2;

  private final Path directory;
  private final List<String> mount;

  private Disk(Path directory, List<String> mount) throws IOException, InterruptedException {
    this.directory = directory;
    this.mount = mount;
    must(mount);
  }

  private static List<String> mountExt4(Path directory, Path image) {
    return List.of("mount", "-t", "ext4", "-o", "loop", image.toString(), directory.toString());
  }

  /** In memory; gives file handles since Linux 2.6. */
  static Disk inMemory(Path directory, String size) throws Exception {
    return new Disk(
        directory,
        List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "none", directory.toString()));
  }

  /** A journalled file system in a file. */
  static Disk ext4(Path directory, Path image, long size) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    must(List.of("mkfs.ext4", "-q", "-F", image.toString()));
    return new Disk(directory, mountExt4(directory, image));
  }

  /** One whose files may have so many bytes in all, by a quota. */
  static Disk withQuota(Path directory, Path image, String most) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(256 << 20);
    }
    String at = directory.toString();
    must(List.of("mkfs.btrfs", "-q", image.toString()));
    Disk disk =
        new Disk(directory, List.of("mount", "-t", "btrfs", "-o", "loop", image.toString(), at));
    try {
      must(List.of("btrfs", "quota", "enable", at));
      must(List.of("btrfs", "qgroup", "limit", most, "0/5", at));
    } catch (Throwable e) {
      disk.close();
      throw e;
    }
    return disk;
  }

  /**
   * As {@link #ext4} on a disk that may have less room than it says, so that data that were taken
   * cannot be written later. Without a journal, which would end all writing then.
   */
  static Disk promisingTooMuch(Path directory, Path image, long size) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    must(List.of("mkfs.ext4", "-q", "-F", "-O", "^has_journal", image.toString()));
    return new Disk(directory, mountExt4(directory, image));
  }

  private static void must(List<String> command) throws IOException, InterruptedException {
    String said = run(command);
    assumeTrue(said.isEmpty(), "SKIPPED: this machine cannot " + command + ": " + said);
  }

  /** What a failed command said; nothing if it did not fail. */
  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException missing) {
      return missing.getMessage();
    }
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    int status = process.waitFor();
    return status == 0 ? "" : "status " + status + " " + said;
  }

  /** Remounts; false if the disk is busy. */
  boolean remount(String option) throws IOException, InterruptedException {
    return run(List.of("mount", "-o", "remount," + option, directory.toString())).isEmpty();
  }

  /** Takes it away and brings it back, so that nothing of it is in memory. */
  void mountAnew() throws IOException, InterruptedException {
    must(List.of("umount", directory.toString()));
    must(mount);
  }

  /**
   * As if the power of an {@link #ext4} failed and came back; nobody may have a file open. What
   * comes back is a copy of what was on the disk: the old file system may live on in another mount
   * namespace (whoever makes one, as many services do, gets a copy of each mount), and would then
   * be mounted again, dead as it is.
   */
  void cutPower(Path image) throws Throwable {
    shutDown();
    must(List.of("umount", "--lazy", directory.toString()));
    Path onDisk = image.resolveSibling(image.getFileName() + ".copy");
    must(List.of("cp", "--sparse=always", image.toString(), onDisk.toString()));
    Files.move(onDisk, image, StandardCopyOption.REPLACE_EXISTING);
    must(mountExt4(directory, image));
    Files.delete(Files.createTempFile(directory, "alive", ""));
  }

  private void shutDown() throws Throwable {
    int fd = FileCalls.open(directory.toString().getBytes(UTF_8), OpenFlags.O_RDONLY, 0);
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      var ioctl =
          linker.downcallHandle(
              linker.defaultLookup().find("ioctl").orElseThrow(),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
              Linker.Option.firstVariadicArg(2));
      int result =
          (int) ioctl.invokeExact(fd, SHUTDOWN, arena.allocateFrom(JAVA_INT, WITHOUT_FLUSH));
      assumeTrue(result == 0, "SKIPPED: this kernel cannot shut an ext4 down");
    } finally {
      FileCalls.close(fd);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (!run(List.of("umount", directory.toString())).isEmpty()) {
      run(List.of("umount", "-l", directory.toString()));
    }
  }
}
