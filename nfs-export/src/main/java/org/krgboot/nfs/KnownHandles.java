package org.krgboot.nfs;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.Stat;

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

  private record Known(
      OpenExport export, long inode, Stat.Device fileSystem, Stat.Time birth, WireHandle handle) {}

  private final AtomicReferenceArray<@Nullable Known> slots = new AtomicReferenceArray<>(SLOTS);

  private static int slot(OpenExport export, Stat stat) {
    long mixed = (stat.inode() + ((long) export.id() << 32)) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 49);
  }

  /** The handle of that file; null if it is not known. */
  @Nullable WireHandle of(OpenExport export, Stat stat) {
    Known known = slots.get(slot(export, stat));
    return known != null
            && known.inode() == stat.inode()
            && known.export() == export
            && known.birth().equals(stat.birth())
            && known.fileSystem().equals(stat.fileSystem())
        ? known.handle()
        : null;
  }

  /** Keeps the handle of that file in the place of another, if that is safe. */
  void remember(OpenExport export, Stat stat, WireHandle handle) {
    Stat.Time birth = stat.birth();
    long born =
        TimeUnit.SECONDS.toMillis(birth.seconds()) + TimeUnit.NANOSECONDS.toMillis(birth.nanos());
    if (born > 0 && System.currentTimeMillis() - born > OLD_ENOUGH_MILLIS) {
      Known known = new Known(export, stat.inode(), stat.fileSystem(), birth, handle);
      slots.lazySet(slot(export, stat), known);
    }
  }
}
