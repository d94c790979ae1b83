package org.krgboot.nfs;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileModes;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.nfs.NfsCall.How;
import org.krgboot.nfs.NfsCall.Node;

/** CREATE, MKDIR, SYMLINK and MKNOD: RFC 1813 sections 3.3.8 to 3.3.11. */
final class CreateProcedures {
  /** Where the client gives no mode; it will with the SETATTR that follows. */
  private static final int DEFAULT_FILE_MODE = 0600;

  private static final int DEFAULT_DIRECTORY_MODE = 0700;
  private static final int SET_ID = FileModes.S_ISUID | FileModes.S_ISGID;

  private final FileTree tree;

  CreateProcedures(FileTree tree) {
    this.tree = tree;
  }

  /** What there is now, and whether more of it changed than the directory's sync puts on disk. */
  private record Made(FileTree.Child child, boolean unsettled) {}

  /** Makes an object in a directory. */
  private interface Maker {
    Made make(FileTree.Opened directory) throws IOException;
  }

  /** Where a maker's result goes, since the change itself gives none. */
  private static final class Outcome {
    private @Nullable Made made;
  }

  private void make(WireHandle in, Caller caller, XdrWriter out, Maker maker) throws IOException {
    try (FileTree.Opened directory = tree.openDirectoryForChange(in, caller)) {
      DirectoryChange change = new DirectoryChange(tree, directory);
      Outcome outcome = new Outcome();
      change.run(() -> outcome.made = maker.make(directory));
      Made made = change.succeeded() ? outcome.made : null;
      if (made != null && made.unsettled()) {
        settle(made.child(), caller);
      }
      change.writeOutcome(out);
      if (made != null) {
        FileTree.Child child = made.child();
        out.bool(true);
        out.opaque(child.handle().bytes());
        Attributes.writePostOp(out, child.stat(), directory.fsid());
      }
      change.writeWcc(out);
    }
  }

  private void settle(FileTree.Child child, Caller caller) throws IOException {
    try (FileTree.Opened file = tree.openForChange(child.handle(), caller)) {
      file.settle();
    } catch (IOException e) {
      if (NfsStatus.of(e) != NfsStatus.STALE) { // deleted again by somebody else: all is well
        throw e;
      }
    }
  }

  void create(NfsCall.Create call, Caller caller, XdrWriter out) throws IOException {
    make(
        call.directory(),
        caller,
        out,
        directory -> {
          Names.checkNew(call.name());
          return switch (call.how()) {
            case How.Guarded guarded -> fresh(directory, caller, call.name(), guarded.attributes());
            case How.Unchecked unchecked ->
                freshOrOld(directory, caller, call.name(), unchecked.attributes());
            case How.Exclusive exclusive ->
                exclusive(directory, caller, call.name(), exclusive.verifier());
          };
        });
  }

  private Made fresh(
      FileTree.Opened directory, Caller caller, byte[] name, SetAttributes attributes)
      throws IOException {
    AttributeChange.check(attributes);
    int mode = attributes.mode().orElse(DEFAULT_FILE_MODE);
    int flags = OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY | OpenFlags.O_NOFOLLOW;
    FileCalls.close(
        directory.identity().act(() -> FileCalls.openat(directory.fd(), name, flags, mode)));
    return finish(directory, caller, name, attributes, mode);
  }

  /** Sets what creating did not, and looks at the result. */
  private Made finish(
      FileTree.Opened directory, Caller caller, byte[] name, SetAttributes wanted, int mode)
      throws IOException {
    FileTree.Child child = tree.lookup(directory, name);
    boolean mayGive = directory.identity().isRoot(); // others get their own ids, as from knfsd
    SetAttributes rest = mayGive ? wanted.withoutMode() : wanted.withoutMode().withoutOwner();
    if ((mode & SET_ID) != 0 || wanted.uid().isPresent() || wanted.gid().isPresent()) {
      int inherited = child.stat().isDirectory() ? child.stat().mode() & FileModes.S_ISGID : 0;
      rest = rest.withMode(mode | inherited);
    }
    if (child.stat().isSymbolicLink()) {
      rest = rest.withoutMode();
    }
    if (!child.stat().isRegular()) {
      rest = rest.withoutSize(); // it is made already, so that a refusal would be half a truth
    }
    if (rest.equals(SetAttributes.NONE)) {
      return new Made(child, false);
    }
    return change(child, caller, rest);
  }

  private Made change(FileTree.Child child, Caller caller, SetAttributes wanted)
      throws IOException {
    try (FileTree.Opened file = tree.openForChange(child.handle(), caller)) {
      AttributeChange.apply(file, wanted);
      return new Made(new FileTree.Child(child.handle(), file.stat()), true);
    }
  }

  /** An old file keeps its attributes, but for a size. */
  private Made freshOrOld(
      FileTree.Opened directory, Caller caller, byte[] name, SetAttributes attributes)
      throws IOException {
    try {
      return fresh(directory, caller, name, attributes);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    FileTree.Child old = tree.lookup(directory, name);
    return old.stat().isRegular() && attributes.size().isPresent()
        ? change(old, caller, attributes.onlySize())
        : new Made(old, false);
  }

  private Made exclusive(FileTree.Opened directory, Caller caller, byte[] name, long verifier)
      throws IOException {
    ExclusiveFile file = new ExclusiveFile(tree, directory, name, verifier);
    try {
      Optional<FileTree.Child> made = file.make();
      return made.isPresent()
          ? new Made(made.get(), true)
          : fresh(directory, caller, name, file.marks());
    } catch (LinuxException e) { // on a full disk, say, a file that is there is still an answer
      return new Made(file.madeBefore(e), true);
    }
  }

  void mkdir(NfsCall.Mkdir call, Caller caller, XdrWriter out) throws IOException {
    int mode = call.attributes().mode().orElse(DEFAULT_DIRECTORY_MODE);
    make(
        call.directory(),
        caller,
        out,
        directory -> {
          Names.checkNew(call.name());
          AttributeChange.check(call.attributes());
          directory.identity().perform(() -> FileCalls.mkdirat(directory.fd(), call.name(), mode));
          return finish(directory, caller, call.name(), call.attributes(), mode);
        });
  }

  void symlink(NfsCall.Symlink call, Caller caller, XdrWriter out) throws IOException {
    make(
        call.directory(),
        caller,
        out,
        directory -> {
          Names.checkNew(call.name());
          AttributeChange.check(call.attributes());
          directory
              .identity()
              .perform(() -> FileCalls.symlinkat(call.target(), directory.fd(), call.name()));
          return finish(directory, caller, call.name(), call.attributes(), 0);
        });
  }

  void mknod(NfsCall.Mknod call, Caller caller, XdrWriter out) throws IOException {
    make(
        call.directory(),
        caller,
        out,
        directory -> {
          Names.checkNew(call.name());
          return switch (call.node()) {
            case Node.Device device ->
                node(directory, caller, call.name(), device.attributes(), device);
            case Node.Pipe(int kind, SetAttributes attributes) ->
                node(
                    directory,
                    caller,
                    call.name(),
                    attributes,
                    new Node.Device(kind, attributes, 0, 0));
            case Node.WrongKind() -> throw new NfsException(NfsStatus.BADTYPE);
          };
        });
  }

  private Made node(
      FileTree.Opened directory,
      Caller caller,
      byte[] name,
      SetAttributes attributes,
      Node.Device device)
      throws IOException {
    AttributeChange.check(attributes);
    int mode = attributes.mode().orElse(DEFAULT_FILE_MODE);
    directory
        .identity()
        .perform(() ->
            FileCalls.mknodat(
                directory.fd(), name, device.kind() | mode, device.major(), device.minor()));
    return finish(directory, caller, name, attributes, mode);
  }
}
