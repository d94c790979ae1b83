package org.krgboot.nfs;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileModes;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.nfs.NfsCall.Node;

/** One making of an object in a directory, under the directory's lock. */
final class Creation {
  /** Where the client gives no mode; it will with the SETATTR that follows. */
  private static final int DEFAULT_FILE_MODE = 0600;

  private static final int DEFAULT_DIRECTORY_MODE = 0700;
  private static final int SET_ID = FileModes.S_ISUID | FileModes.S_ISGID;

  private final FileTree tree;
  private final FileTree.Opened directory;
  private final Caller caller;
  private final Attempt attempt;

  Creation(FileTree tree, FileTree.Opened directory, Caller caller, Attempt attempt) {
    this.tree = tree;
    this.directory = directory;
    this.caller = caller;
    this.attempt = attempt;
  }

  /**
   * What there is now.
   *
   * @param child null if it was made and cannot be looked at
   * @param unsettled whether more of it changed than the directory's sync puts on disk
   */
  record Made(FileTree.@Nullable Child child, boolean unsettled) {}

  /** Whether what has a name is what this call would have made. */
  private interface Likeness {
    boolean of(FileTree.Child there) throws IOException;
  }

  /** What is to be made, and how. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Plan(
      byte[] name, SetAttributes attributes, int mode, Identity.Effect deed, Likeness likeness) {}

  Made file(byte[] name, SetAttributes attributes) throws IOException {
    int mode = attributes.mode().orElse(DEFAULT_FILE_MODE);
    int flags = OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY | OpenFlags.O_NOFOLLOW;
    return once(
        new Plan(
            name,
            attributes,
            mode,
            () -> FileCalls.close(FileCalls.openat(directory.fd(), name, flags, mode)),
            there -> there.stat().isRegular()));
  }

  /** An old file keeps its attributes, but for a size. */
  Made fileOrOld(byte[] name, SetAttributes attributes) throws IOException {
    try {
      return file(name, attributes);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    FileTree.Child old = tree.lookup(directory, name);
    return old.stat().isRegular() && attributes.size().isPresent()
        ? change(old, attributes.onlySize())
        : new Made(old, false);
  }

  /** Needs no journal: the file itself tells whose it is. */
  Made exclusive(byte[] name, long verifier) throws IOException {
    ExclusiveFile file = new ExclusiveFile(tree, directory, name, verifier);
    try {
      Optional<FileTree.Child> made = file.make();
      if (made.isPresent()) {
        attempt.made(directory.file().handle(), name);
        return new Made(made.get(), true);
      }
      return file(name, file.marks());
    } catch (LinuxException e) { // on a full disk, say, a file that is there is still an answer
      return new Made(file.madeBefore(e), true);
    }
  }

  Made directory(byte[] name, SetAttributes attributes) throws IOException {
    int mode = attributes.mode().orElse(DEFAULT_DIRECTORY_MODE);
    return once(
        new Plan(
            name,
            attributes,
            mode,
            () -> FileCalls.mkdirat(directory.fd(), name, mode),
            there -> there.stat().isDirectory()));
  }

  Made link(byte[] name, SetAttributes attributes, byte[] target) throws IOException {
    return once(
        new Plan(
            name,
            attributes,
            0,
            () -> FileCalls.symlinkat(target, directory.fd(), name),
            there ->
                there.stat().isSymbolicLink()
                    && Arrays.equals(FileCalls.readlinkat(directory.fd(), name), target)));
  }

  Made node(byte[] name, Node.Device device) throws IOException {
    int mode = device.attributes().mode().orElse(DEFAULT_FILE_MODE);
    return once(
        new Plan(
            name,
            device.attributes(),
            mode,
            () ->
                FileCalls.mknodat(
                    directory.fd(), name, device.kind() | mode, device.major(), device.minor()),
            there ->
                there.stat().kind() == device.kind()
                    && there.stat().device().major() == device.major()
                    && there.stat().device().minor() == device.minor()));
  }

  /** Makes it, unless a process that has died did, before its answer left. */
  private Made once(Plan plan) throws IOException {
    AttributeChange.check(plan.attributes());
    Optional<Evidence.Creation> earlier = attempt.earlier(Evidence.Creation.class);
    if (earlier.isPresent()) {
      FileTree.Child there = madeBefore(plan);
      if (there != null) {
        attempt.begin(earlier.get()); // for the next process, should this one die too
        return finish(there, plan);
      }
    }
    WireHandle place = directory.file().handle();
    if (tree.isFree(directory, plan.name())) {
      attempt.begin(new Evidence.Creation(place.place(plan.name())));
    }
    directory.identity().perform(plan.deed());
    attempt.made(place, plan.name());
    return finish(find(plan), plan);
  }

  private FileTree.@Nullable Child madeBefore(Plan plan) throws IOException {
    if (tree.isFree(directory, plan.name())) {
      return null;
    }
    return directory
        .identity()
        .act(() -> {
          FileTree.Child there = tree.peek(directory, plan.name());
          return plan.likeness().of(there) ? there : null;
        });
  }

  /** It is made: that it cannot be looked at, or is gone again, does not make that untrue. */
  private FileTree.@Nullable Child find(Plan plan) {
    try {
      return tree.lookup(directory, plan.name());
    } catch (IOException e) {
      return null;
    }
  }

  /** Sets what making did not, and looks at the result. */
  private Made finish(FileTree.@Nullable Child child, Plan plan) throws IOException {
    if (child == null) {
      return new Made(null, false);
    }
    SetAttributes rest = rest(child, plan);
    if (rest.equals(SetAttributes.NONE)) {
      return new Made(child, false);
    }
    try {
      return change(child, rest);
    } catch (IOException e) { // "try again later" would make it twice
      throw NfsStatus.of(e) == NfsStatus.JUKEBOX ? new NfsException(NfsStatus.IO) : e;
    }
  }

  private SetAttributes rest(FileTree.Child child, Plan plan) {
    SetAttributes wanted = plan.attributes();
    boolean mayGive = directory.identity().isRoot(); // others get their own ids, as from knfsd
    SetAttributes rest = mayGive ? wanted.withoutMode() : wanted.withoutMode().withoutOwner();
    if ((plan.mode() & SET_ID) != 0 || wanted.uid().isPresent() || wanted.gid().isPresent()) {
      int inherited = child.stat().isDirectory() ? child.stat().mode() & FileModes.S_ISGID : 0;
      rest = rest.withMode(plan.mode() | inherited);
    }
    if (child.stat().isSymbolicLink()) {
      rest = rest.withoutMode();
    }
    if (!child.stat().isRegular()) {
      rest = rest.withoutSize(); // it is made already, so that a refusal would be half a truth
    } else if (child.stat().size() > 0) {
      rest = rest.withoutSize(); // of an earlier process: others have written to it meanwhile
    }
    return rest;
  }

  private Made change(FileTree.Child child, SetAttributes wanted) throws IOException {
    try (FileTree.Opened file = tree.openForChange(child.handle(), caller)) {
      AttributeChange.apply(file, wanted);
      return new Made(new FileTree.Child(child.handle(), file.stat()), true);
    }
  }
}
