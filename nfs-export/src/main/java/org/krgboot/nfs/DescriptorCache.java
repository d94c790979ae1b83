package org.krgboot.nfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileHandles;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;

/**
 * Open files by handle, the least recently used first to go. A file is closed only when nobody uses
 * it, so a descriptor number is never reused under a reader.
 */
final class DescriptorCache implements AutoCloseable {
  private static final long WRITER_IDLE = TimeUnit.SECONDS.toNanos(3);
  private static final long FILE_IDLE = TimeUnit.SECONDS.toNanos(60);
  private static final byte[] ITSELF = {};

  private final int limit;
  private final Map<WireHandle, CachedFile> files = new LinkedHashMap<>(64, 0.75f, true);

  DescriptorCache(int limit) {
    this.limit = limit;
  }

  /** The file if it is open, held for the caller until {@link #release}; else null. */
  synchronized @Nullable CachedFile acquire(WireHandle handle) {
    CachedFile file = files.get(handle);
    if (file != null) {
      file.users++;
    }
    return file;
  }

  /** Opens a file by its kernel handle; held for the caller until {@link #release}. */
  CachedFile open(WireHandle handle, OpenExport export, byte[] kernelHandle) throws IOException {
    int fd =
        Identity.asRoot(
            () -> FileHandles.openByHandle(export.rootFd(), kernelHandle, OpenFlags.O_PATH));
    Stat stat;
    try {
      stat = FileCalls.statx(fd, ITSELF, 0);
    } catch (IOException e) {
      FileCalls.close(fd);
      throw e;
    }
    return adopt(new CachedFile(handle, export, kernelHandle, fd, stat.kind()));
  }

  /** Takes over an open file, or closes it and gives the one that is there already; held. */
  CachedFile adopt(CachedFile fresh) {
    CachedFile kept;
    List<CachedFile> closing = new ArrayList<>();
    synchronized (this) {
      CachedFile there = files.get(fresh.handle());
      if (there != null && there.export() == fresh.export()) {
        kept = there;
        closing.add(fresh);
      } else {
        kept = fresh;
        files.put(fresh.handle(), fresh);
        forget(there, closing);
      }
      kept.users++;
      evict(closing);
    }
    closing.forEach(CachedFile::close);
    return kept;
  }

  /** Of a directory that another has taken the place of. */
  private static void forget(@Nullable CachedFile old, List<CachedFile> closing) {
    if (old != null) {
      old.dropped = true;
      if (old.users == 0) {
        closing.add(old);
      }
    }
  }

  private void evict(List<CachedFile> closing) {
    Iterator<CachedFile> oldest = files.values().iterator();
    while (files.size() > limit && oldest.hasNext()) {
      CachedFile file = oldest.next();
      if (file.users == 0) {
        oldest.remove();
        closing.add(file);
      }
    }
  }

  /** Holds a file once more that the caller holds already. */
  synchronized void hold(CachedFile file) {
    file.users++;
  }

  void release(CachedFile file) {
    boolean close;
    synchronized (this) {
      file.users--;
      file.lastUse = System.nanoTime();
      close = file.dropped && file.users == 0;
    }
    if (close) {
      file.close();
    }
  }

  /** Forgets a file that was deleted, so that its space is freed. */
  void drop(WireHandle handle) {
    CachedFile file;
    synchronized (this) {
      file = files.remove(handle);
      if (file == null) {
        return;
      }
      file.dropped = true;
      if (file.users > 0) {
        return;
      }
    }
    file.close();
  }

  /** Forgets the files of directories that are not exported any more. */
  void dropAllBut(Set<OpenExport> exported) {
    List<WireHandle> gone;
    synchronized (this) {
      gone =
          files.values().stream()
              .filter(file -> !exported.contains(file.export()))
              .map(CachedFile::handle)
              .toList();
    }
    gone.forEach(this::drop);
  }

  /** Closes what nobody has used for a while; called every few seconds. */
  void closeIdle() {
    long now = System.nanoTime();
    List<Runnable> closing = new ArrayList<>(); // not under the lock: it can take long
    synchronized (this) {
      for (Iterator<CachedFile> all = files.values().iterator(); all.hasNext(); ) {
        CachedFile file = all.next();
        if (file.users == 0 && now - file.lastUse > FILE_IDLE) {
          all.remove();
          closing.add(file::close);
        } else if (file.users == 0 && now - file.lastUse > WRITER_IDLE) {
          closing.add(file.detachWriter());
        }
      }
    }
    closing.forEach(Runnable::run);
  }

  synchronized int size() {
    return files.size();
  }

  @Override
  public void close() {
    List<WireHandle> all;
    synchronized (this) {
      all = List.copyOf(files.keySet());
    }
    all.forEach(this::drop);
  }
}
