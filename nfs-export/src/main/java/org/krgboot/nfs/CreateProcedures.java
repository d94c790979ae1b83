package org.krgboot.nfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.krgboot.nfs.Creation.Made;
import org.krgboot.nfs.NfsCall.How;
import org.krgboot.nfs.NfsCall.Node;

/** CREATE, MKDIR, SYMLINK and MKNOD: RFC 1813 sections 3.3.8 to 3.3.11. */
final class CreateProcedures {
  private final FileTree tree;

  CreateProcedures(FileTree tree) {
    this.tree = tree;
  }

  /** Makes an object. */
  private interface Maker {
    Made make(Creation creation) throws IOException;
  }

  /** Where a maker's result goes, since the change itself gives none. */
  private static final class Outcome {
    private @Nullable Made made;
  }

  private void make(WireHandle in, Caller caller, Attempt attempt, XdrWriter out, Maker maker)
      throws IOException {
    try (FileTree.Opened directory = tree.openDirectoryForChange(in, caller)) {
      DirectoryChange change = new DirectoryChange(tree, directory);
      Outcome outcome = new Outcome();
      change.run(() -> outcome.made = maker.make(new Creation(tree, directory, caller, attempt)));
      Made made = change.succeeded() ? outcome.made : null;
      if (made != null && made.child() != null && made.unsettled()) {
        settle(made.child(), caller);
      }
      change.writeOutcome(out);
      if (made != null) {
        writeChild(made.child(), directory.fsid(), out);
      }
      change.writeWcc(out);
    }
  }

  /** Its handle and attributes, either left out if not known. */
  private static void writeChild(FileTree.@Nullable Child child, int fsid, XdrWriter out) {
    out.bool(child != null);
    if (child != null) {
      out.opaque(child.handle().bytes());
    }
    Attributes.writePostOp(out, child == null ? null : child.stat(), fsid);
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

  void create(NfsCall.Create call, Caller caller, Attempt attempt, XdrWriter out)
      throws IOException {
    make(
        call.directory(),
        caller,
        attempt,
        out,
        creation -> {
          Names.checkNew(call.name());
          return switch (call.how()) {
            case How.Guarded guarded -> creation.file(call.name(), guarded.attributes());
            case How.Unchecked unchecked -> creation.fileOrOld(call.name(), unchecked.attributes());
            case How.Exclusive exclusive -> creation.exclusive(call.name(), exclusive.verifier());
          };
        });
  }

  void mkdir(NfsCall.Mkdir call, Caller caller, Attempt attempt, XdrWriter out) throws IOException {
    make(
        call.directory(),
        caller,
        attempt,
        out,
        creation -> {
          Names.checkNew(call.name());
          return creation.directory(call.name(), call.attributes());
        });
  }

  void symlink(NfsCall.Symlink call, Caller caller, Attempt attempt, XdrWriter out)
      throws IOException {
    make(
        call.directory(),
        caller,
        attempt,
        out,
        creation -> {
          Names.checkNew(call.name());
          return creation.link(call.name(), call.attributes(), call.target());
        });
  }

  void mknod(NfsCall.Mknod call, Caller caller, Attempt attempt, XdrWriter out) throws IOException {
    make(
        call.directory(),
        caller,
        attempt,
        out,
        creation -> {
          Names.checkNew(call.name());
          return switch (call.node()) {
            case Node.Device device -> creation.node(call.name(), device);
            case Node.Pipe(int kind, SetAttributes attributes) ->
                creation.node(call.name(), new Node.Device(kind, attributes, 0, 0));
            case Node.WrongKind() -> throw new NfsException(NfsStatus.BADTYPE);
          };
        });
  }
}
