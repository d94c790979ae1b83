package org.krgboot.nfs;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.Stat;
import org.krgboot.linux.StatBuffer;

/**
 * Handles of files by what statx(2) says of them, so that a name is found with one system call
 * instead of four. Nothing here has to be forgotten: what is the same file is asked of the kernel
 * each time.
 *
 * <p>An inode's number is given to a new file when the old one is deleted, but not its time of
 * birth: file systems keep that in steps of some milliseconds, and only files that are older than a
 * second are remembered. Whoever comes after them was born later.
 */
final class KnownHandles {
  /** Some 4 MiB when all are in use. */
  private static final int SLOTS = 1 << 15;

  private static final long OLD_ENOUGH_MILLIS = 1000;

  private record Known(OpenExport export, File file, WireHandle handle) {}

  /** What tells a file from every other. */
  private record File(
      long inode, int fileSystemMajor, int fileSystemMinor, long bornSeconds, int bornNanos) {
    static File of(Stat stat) {
      return new File(
          stat.inode(),
          stat.fileSystem().major(),
          stat.fileSystem().minor(),
          stat.birth().seconds(),
          stat.birth().nanos());
    }

    static File of(StatBuffer stat) {
      return new File(
          stat.inode(),
          stat.fileSystemMajor(),
          stat.fileSystemMinor(),
          stat.birthSeconds(),
          stat.birthNanos());
    }
  }

  private final AtomicReferenceArray<@Nullable Known> slots = new AtomicReferenceArray<>(SLOTS);

  private static int slot(OpenExport export, File file) {
    long mixed = (file.inode() + ((long) export.id() << 32)) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 49);
  }

  /** The handle of that file; null if it is not known. */
  @Nullable WireHandle of(OpenExport export, Stat stat) {
    return of(export, File.of(stat));
  }

  /** As {@link #of(OpenExport, Stat)}. */
  @Nullable WireHandle of(OpenExport export, StatBuffer stat) {
    return of(export, File.of(stat));
  }

  private @Nullable WireHandle of(OpenExport export, File file) {
    Known known = slots.get(slot(export, file));
    return known != null && known.export() == export && known.file().equals(file)
        ? known.handle()
        : null;
  }

  /** Keeps the handle of that file in the place of another, if that is safe. */
  void remember(OpenExport export, Stat stat, WireHandle handle) {
    Stat.Time birth = stat.birth();
    long born =
        TimeUnit.SECONDS.toMillis(birth.seconds()) + TimeUnit.NANOSECONDS.toMillis(birth.nanos());
    if (born > 0 && System.currentTimeMillis() - born > OLD_ENOUGH_MILLIS) {
      File file = File.of(stat);
      slots.lazySet(slot(export, file), new Known(export, file, handle));
    }
  }
}
