package org.krgboot.nfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileHandles;
import org.krgboot.linux.FileModes;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;
import org.krgboot.linux.StatBuffer;

/** From handles to open files and back. */
final class FileTree {
  private static final byte[] ITSELF = {};
  private static final int LOOK_ONLY = AtFlags.AT_SYMLINK_NOFOLLOW | AtFlags.AT_NO_AUTOMOUNT;
  private static final int NAME_ONLY = OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW;
  private static final byte[] PARENT = {'.', '.'};

  private final HandleCodec codec;
  private final Exports exports;
  private final DescriptorCache cache;
  private final KnownHandles handles = new KnownHandles();
  private final SeenNames names = new SeenNames();
  private final FileLocks locks = new FileLocks();
  private final WriteVerifier verifier = new WriteVerifier();

  FileTree(HandleCodec codec, Exports exports, DescriptorCache cache) {
    this.codec = codec;
    this.exports = exports;
    this.cache = cache;
  }

  /** A file and its handle. */
  record Child(WireHandle handle, Stat stat) {}

  FileLocks locks() {
    return locks;
  }

  /** By which clients learn of a sync that failed. */
  WriteVerifier verifier() {
    return verifier;
  }

  /** A file, open for one call of one caller; closed at the end of the call. */
  final class Opened implements AutoCloseable {
    private final CachedFile file;
    private final Terms terms;
    private final Identity identity;
    private final Caller caller;

    Opened(CachedFile file, Terms terms, Caller caller) {
      this.file = file;
      this.terms = terms;
      this.identity = Identity.of(caller.credential(), terms);
      this.caller = caller;
    }

    Caller caller() {
      return caller;
    }

    CachedFile file() {
      return file;
    }

    int fd() {
      return file.fd();
    }

    /** Keeps the file open beyond this call, until the result is run. */
    Runnable hold() {
      cache.hold(file);
      return () -> cache.release(file);
    }

    int fsid() {
      return file.export().id();
    }

    /** On which the caller is served. */
    Terms terms() {
      return terms;
    }

    Identity identity() {
      return identity;
    }

    /** The attributes now; STALE if the file was deleted meanwhile. */
    Stat stat() throws IOException {
      Stat stat = file.stat();
      if (stat.links() == 0) {
        cache.drop(file.handle());
        throw new NfsException(NfsStatus.STALE);
      }
      return stat;
    }

    boolean isRoot() {
      return file.handle().equals(file.export().rootHandle());
    }

    void mustBeDirectory() throws NfsException {
      if (file.kind() != FileModes.S_IFDIR) {
        throw new NfsException(NfsStatus.NOTDIR);
      }
    }

    private boolean mustSettle() {
      boolean can = file.kind() == FileModes.S_IFDIR || file.kind() == FileModes.S_IFREG;
      return can && terms.sync() == Terms.Durability.SYNC;
    }

    /** Sees that {@link #settle} will not fail for want of a descriptor. */
    void readyToSettle() throws IOException {
      if (mustSettle()) {
        var _ = file.forSyncing();
      }
    }

    /**
     * Puts the directory or file on disk, where the export wants changes to be durable. Never
     * JUKEBOX: what was done must not be tried again as another call.
     */
    void settle() throws IOException {
      if (!mustSettle()) {
        return;
      }
      try {
        int descriptor = file.forSyncing();
        if (file.kind() == FileModes.S_IFREG) {
          var _ =
              verifier.watchData(
                  new WriteVerifier.Written(file.handle(), descriptor, NfsCall.Stability.FILE_SYNC),
                  () -> FileCalls.fsync(descriptor));
        } else { // of which many share one sync
          verifier.watch(() -> FileCalls.fsync(descriptor));
        }
      } catch (IOException e) {
        throw NfsStatus.of(e) == NfsStatus.JUKEBOX ? new NfsException(NfsStatus.IO) : e;
      }
    }

    @Override
    public void close() {
      cache.release(file);
    }
  }

  /** Opens the file of a handle, if the caller may use its export. */
  Opened open(WireHandle handle, Caller caller) throws IOException {
    ExportTable table = exports.now();
    CachedFile file = cache.acquire(handle);
    if (file != null) {
      ExportTable.Entry entry = table.byId(file.export().id());
      if (entry != null && entry.directory() == file.export()) {
        return permitted(file, entry.export(), caller);
      }
      cache.drop(handle); // of a directory that was withdrawn, or replaced by another
      cache.release(file);
    }
    HandleCodec.Decoded decoded = codec.decode(handle);
    ExportTable.Entry entry = table.byId(decoded.export());
    if (entry == null || !entry.directory().retain()) {
      throw new NfsException(NfsStatus.STALE);
    }
    try {
      caller.waitsForDisk();
      CachedFile fresh = cache.open(handle, entry.directory(), decoded.kernelHandle());
      return permitted(fresh, entry.export(), caller);
    } finally {
      entry.directory().release();
    }
  }

  private Opened permitted(CachedFile file, Export export, Caller caller) throws NfsException {
    Terms terms = ExportPolicy.terms(export, caller.peer());
    if (terms == null) {
      cache.release(file);
      throw new NfsException(NfsStatus.ACCES);
    }
    return new Opened(file, terms, caller);
  }

  /** As {@link #open}; ROFS if the export is read-only. */
  Opened openForChange(WireHandle handle, Caller caller) throws IOException {
    Opened opened = open(handle, caller);
    if (opened.terms().access() == Terms.Access.READ_ONLY) {
      opened.close();
      throw new NfsException(NfsStatus.ROFS);
    }
    return opened;
  }

  /** As {@link #openForChange}; NOTDIR if it is no directory. */
  Opened openDirectoryForChange(WireHandle handle, Caller caller) throws IOException {
    Opened opened = openForChange(handle, caller);
    if (opened.file().kind() != FileModes.S_IFDIR) {
      opened.close();
      throw new NfsException(NfsStatus.NOTDIR);
    }
    return opened;
  }

  /** The file of that name, seen with the caller's rights. The name has been checked. */
  Child lookup(Opened directory, byte[] name) throws IOException {
    directory.mustBeDirectory();
    byte[] inside = Names.isParent(name) && directory.isRoot() ? ITSELF : name;
    if (inside.length == 0) {
      return new Child(directory.file().handle(), directory.stat());
    }
    if (Names.isParent(name)) {
      Identity.leave();
      mustBeBelowRoot(directory);
    }
    if (directory.caller().disk() == Disk.CACHED_ONLY) {
      mustBeCached(directory, name);
    }
    Child known = directory.identity().act(() -> known(directory, name));
    if (known != null) {
      return known;
    }
    int fd = directory.identity().act(() -> FileCalls.openat(directory.fd(), name, NAME_ONLY, 0));
    return remember(directory.file().export(), fd);
  }

  /** Sees that to look for this name will not wait for the disk. */
  private void mustBeCached(Opened directory, byte[] name) throws IOException {
    long place = directory.file().handle().place(name);
    if (names.lately(place)) {
      return;
    }
    try {
      int fd =
          directory.identity().act(() -> FileCalls.openCached(directory.fd(), name, NAME_ONLY));
      if (fd == FileCalls.NOT_CACHED) {
        directory.caller().waitsForDisk();
      } else {
        FileCalls.close(fd);
      }
    } catch (LinuxException e) {
      // It is known that there is none, or that it may not be seen; an old kernel cannot tell.
    }
    names.saw(place);
  }

  /** The file of that name if its handle is known; null if it has to be asked for. */
  private @Nullable Child known(Opened directory, byte[] name) throws IOException {
    OpenExport export = directory.file().export();
    Stat stat = FileCalls.statx(directory.fd(), name, LOOK_ONLY);
    mustBeInside(export, stat);
    WireHandle handle = handles.of(export, stat);
    return handle == null ? null : new Child(handle, stat);
  }

  /** Names the file behind a fresh O_PATH descriptor, and keeps it: it will be asked for next. */
  private Child remember(OpenExport export, int fd) throws IOException {
    CachedFile file;
    Stat stat;
    try {
      stat = FileCalls.statx(fd, ITSELF, 0);
      mustBeInside(export, stat);
      byte[] kernelHandle = FileHandles.nameToHandle(fd);
      WireHandle handle = codec.encode(export.id(), kernelHandle);
      handles.remember(export, stat, handle);
      file = new CachedFile(handle, export, kernelHandle, fd, stat.kind());
    } catch (IOException e) {
      FileCalls.close(fd);
      throw e;
    }
    CachedFile kept = cache.adopt(file);
    cache.release(kept);
    return new Child(kept.handle(), stat);
  }

  /** Other file systems that are mounted inside are not exported. */
  private static void mustBeInside(OpenExport export, Stat stat) throws NfsException {
    if (stat.mountId() != export.mountId()) {
      throw new NfsException(NfsStatus.ACCES);
    }
  }

  /** STALE for a directory that the host moved out of the export: above it is not ours. */
  private static void mustBeBelowRoot(Opened directory) throws IOException {
    OpenExport export = directory.file().export();
    int fd = FileCalls.openat(directory.fd(), PARENT, OpenFlags.O_PATH, 0);
    try {
      long below = directory.file().stat().inode();
      Stat stat = FileCalls.statx(fd, ITSELF, 0);
      while (stat.inode() != export.rootInode()) {
        if (stat.mountId() != export.mountId() || stat.inode() == below) {
          throw new NfsException(NfsStatus.STALE);
        }
        int next = FileCalls.openat(fd, PARENT, OpenFlags.O_PATH, 0);
        FileCalls.close(fd);
        fd = next;
        below = stat.inode();
        stat = FileCalls.statx(fd, ITSELF, 0);
      }
    } finally {
      FileCalls.close(fd);
    }
  }

  /**
   * As {@link #peek}, of a name that the kernel listed, and quickly: fills the attributes. Null if
   * the handle is not known.
   */
  @Nullable WireHandle peekKnown(Opened directory, Listed name, StatBuffer into)
      throws IOException {
    OpenExport export = directory.file().export();
    FileCalls.statx(directory.fd(), name.entries(), name.nameAt(), LOOK_ONLY, into);
    if (into.mountId() != export.mountId()) {
      throw new NfsException(NfsStatus.ACCES);
    }
    return handles.of(export, into);
  }

  /** The file of that name for a listing; not kept. Called with the caller's identity. */
  Child peek(Opened directory, byte[] name) throws IOException {
    if (Names.isParent(name) && directory.isRoot()) {
      return new Child(directory.file().handle(), directory.stat());
    }
    if (Names.isParent(name)) {
      mustBeBelowRoot(directory);
    }
    Child known = known(directory, name);
    if (known != null) {
      return known;
    }
    int fd = FileCalls.openat(directory.fd(), name, NAME_ONLY, 0);
    try {
      return child(directory, fd);
    } finally {
      FileCalls.close(fd);
    }
  }

  /** The file behind a descriptor that was opened in this directory. */
  Child child(Opened directory, int fd) throws IOException {
    OpenExport export = directory.file().export();
    Stat stat = FileCalls.statx(fd, ITSELF, 0);
    mustBeInside(export, stat);
    WireHandle handle = codec.encode(export.id(), FileHandles.nameToHandle(fd));
    handles.remember(export, stat, handle);
    return new Child(handle, stat);
  }

  /** Whether nothing has that name; false if the caller cannot be told. */
  boolean isFree(Opened directory, byte[] name) {
    try {
      directory
          .identity()
          .perform(() -> FileCalls.statx(directory.fd(), name, AtFlags.AT_SYMLINK_NOFOLLOW));
      return false;
    } catch (LinuxException e) {
      return e.errno() == Errno.ENOENT;
    } catch (IOException e) {
      return false;
    }
  }

  /** Lets go of a file that had this handle if it has no name any more. */
  void forgetIfDeleted(WireHandle handle) throws IOException {
    CachedFile file = cache.acquire(handle);
    if (file == null) {
      return;
    }
    try {
      if (file.stat().links() == 0) {
        cache.drop(handle);
      }
    } finally {
      cache.release(file);
    }
  }

  /** EACCES unless the identity that acts now has these rights (R_OK, W_OK, X_OK). */
  static void check(int fd, int rights) throws IOException {
    FileCalls.faccessat2(fd, ITSELF, rights, AtFlags.AT_EACCESS);
  }
}
