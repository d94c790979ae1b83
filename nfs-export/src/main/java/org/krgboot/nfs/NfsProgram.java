package org.krgboot.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/** NFS version 3, RFC 1813. */
final class NfsProgram implements RpcProgram {
  static final int NUMBER = 100003;
  static final int VERSION = 3;

  /** Of a WRITE, this much of its arguments and data; xid, file and place tell most. As nfsd. */
  private static final int TOLD_APART_BY = 256;

  private static final int NOTHING_CHANGES = -1;

  private final ReadProcedures reads;
  private final WriteProcedures writes;
  private final CreateProcedures creates;
  private final NamespaceProcedures names;
  private final DirectoryProcedures directories;
  private final FileSystemProcedures fileSystems;
  private final ReplyCache replies;
  private final BootProgress progress;
  private final Fence fence;
  private final Counters counters;
  private final Troubles troubles = new Troubles();
  private final LongAdder[] calls = new LongAdder[NfsCallDecoder.NAMES.length];

  NfsProgram(
      FileTree tree,
      Limits limits,
      ReplyCache replies,
      BootProgress progress,
      Fence fence,
      Counters counters) {
    this.reads = new ReadProcedures(tree, limits, counters);
    this.writes = new WriteProcedures(tree, counters);
    this.creates = new CreateProcedures(tree);
    this.names = new NamespaceProcedures(tree);
    this.directories = new DirectoryProcedures(tree, limits);
    this.fileSystems = new FileSystemProcedures(tree, limits);
    this.replies = replies;
    this.progress = progress;
    this.fence = fence;
    this.counters = counters;
    for (int i = 0; i < calls.length; i++) {
      calls[i] = counters.of("nfs.calls." + NfsCallDecoder.NAMES[i]);
    }
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public String name() {
    return "nfs";
  }

  @Override
  public int lowestVersion() {
    return VERSION;
  }

  @Override
  public int highestVersion() {
    return VERSION;
  }

  @Override
  public boolean serves(int version) {
    return version == VERSION;
  }

  @Override
  public void versionRefused(Peer peer, int version) {
    counters.count("nfs.version-refused");
    progress.versionRefused(peer, version);
  }

  @Override
  public boolean answer(RpcMessage.Call head, Peer peer, Disk disk, XdrReader in, XdrWriter out) {
    int procedure = head.procedure();
    if (procedure < 0 || procedure >= calls.length) {
      return false;
    }
    calls[procedure].increment();
    XdrReader whole = in.copy();
    NfsCall call = NfsCallDecoder.decode(procedure, in);
    if (call == null) {
      return true; // NULL
    }
    Caller caller = new Caller(head.credential(), peer, disk);
    SentAgain again = sentAgain(call);
    int side = again == SentAgain.DONE_AGAIN ? NOTHING_CHANGES : fence.begin();
    try {
      if (fence.keepsOut(peer.address())) {
        counters.count("nfs.fenced");
        refuse(call, NfsStatus.ACCES, out);
      } else {
        answer(call, again, head, caller, whole, out);
      }
    } catch (NotCachedException e) { // it comes back, and is counted then
      calls[procedure].decrement();
      throw e;
    } finally {
      if (side != NOTHING_CHANGES) {
        fence.end(side);
      }
    }
    return true;
  }

  private void answer(
      NfsCall call,
      SentAgain again,
      RpcMessage.Call head,
      Caller caller,
      XdrReader whole,
      XdrWriter out) {
    Peer peer = caller.peer();
    switch (again) {
      case DONE_AGAIN -> {
        var _ = perform(call, caller, Attempt.UNRECORDED, out);
      }
      case ANSWERED_IN_TURN -> {
        ReplyCache.Key key = key(head, peer, whole.checksum(TOLD_APART_BY));
        replies.answerInTurn(
            key, peer.transport(), out, attempt -> perform(call, caller, attempt, out));
      }
      case ANSWERED -> {
        ReplyCache.Key key = key(head, peer, whole.checksum(Integer.MAX_VALUE));
        replies.answer(key, peer.transport(), out, attempt -> perform(call, caller, attempt, out));
      }
    }
  }

  /**
   * What changes a name or an attribute, or syncs, does; so does a long listing. Others turn out to
   * when they are done.
   */
  @Override
  public boolean waitsForDisk(int procedure, ByteBuffer message) {
    return switch (procedure) {
      case 2, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 21 -> true;
      case 7 -> NfsCallDecoder.isStableWrite(message);
      default -> false;
    };
  }

  private static ReplyCache.Key key(RpcMessage.Call head, Peer peer, long checksum) {
    return new ReplyCache.Key(peer.address(), head.xid(), head.procedure(), checksum);
  }

  /** What becomes of a call that is sent again. */
  private enum SentAgain {
    DONE_AGAIN,
    ANSWERED_IN_TURN,
    ANSWERED
  }

  private static SentAgain sentAgain(NfsCall call) {
    return switch (call) {
      case NfsCall.Setattr s ->
          s.guard().isEmpty() ? SentAgain.ANSWERED_IN_TURN : SentAgain.ANSWERED;
      case NfsCall.Write _ -> SentAgain.ANSWERED_IN_TURN;
      case NfsCall.Create _ -> SentAgain.ANSWERED;
      case NfsCall.Mkdir _ -> SentAgain.ANSWERED;
      case NfsCall.Symlink _ -> SentAgain.ANSWERED;
      case NfsCall.Mknod _ -> SentAgain.ANSWERED;
      case NfsCall.Remove _ -> SentAgain.ANSWERED;
      case NfsCall.Rmdir _ -> SentAgain.ANSWERED;
      case NfsCall.Rename _ -> SentAgain.ANSWERED;
      case NfsCall.Link _ -> SentAgain.ANSWERED;
      case NfsCall.Getattr _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Lookup _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Access _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Readlink _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Read _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Readdir _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Readdirplus _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Fsstat _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Fsinfo _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Pathconf _ -> SentAgain.DONE_AGAIN;
      case NfsCall.Commit _ -> SentAgain.DONE_AGAIN;
    };
  }

  /** False if the handle was none of ours: whoever makes up handles is not to be remembered. */
  private boolean perform(NfsCall call, Caller caller, Attempt attempt, XdrWriter out) {
    int start = out.position();
    try {
      act(call, caller, attempt, out);
      troubles.answered(out.wordAt(start), call, caller.peer());
      return true;
    } catch (IOException e) {
      NfsStatus status = NfsStatus.of(e);
      if (!(e instanceof NfsException)) { // a refusal of our own, as of a read-only export
        troubles.answered(status.code(), call, caller.peer());
      }
      out.rewind(start);
      refuse(call, status, out);
      return status != NfsStatus.BADHANDLE;
    }
  }

  private void act(NfsCall call, Caller caller, Attempt attempt, XdrWriter out) throws IOException {
    switch (call) {
      case NfsCall.Getattr c -> reads.getattr(c, caller, out);
      case NfsCall.Setattr c -> writes.setattr(c, caller, attempt, out);
      case NfsCall.Lookup c -> lookup(c, caller, out);
      case NfsCall.Access c -> reads.access(c, caller, out);
      case NfsCall.Readlink c -> reads.readlink(c, caller, out);
      case NfsCall.Read c -> {
        reads.read(c, caller, out);
        progress.read(caller.peer(), c.file());
      }
      case NfsCall.Write c -> writes.write(c, caller, out);
      case NfsCall.Create c -> creates.create(c, caller, attempt, out);
      case NfsCall.Mkdir c -> creates.mkdir(c, caller, attempt, out);
      case NfsCall.Symlink c -> creates.symlink(c, caller, attempt, out);
      case NfsCall.Mknod c -> creates.mknod(c, caller, attempt, out);
      case NfsCall.Remove c -> names.remove(c, caller, attempt, out);
      case NfsCall.Rmdir c -> names.rmdir(c, caller, attempt, out);
      case NfsCall.Rename c -> names.rename(c, caller, attempt, out);
      case NfsCall.Link c -> names.link(c, caller, attempt, out);
      case NfsCall.Readdir c -> directories.readdir(c, caller, out);
      case NfsCall.Readdirplus c -> directories.readdirplus(c, caller, out);
      case NfsCall.Fsstat c -> fileSystems.fsstat(c, caller, out);
      case NfsCall.Fsinfo c -> fileSystems.fsinfo(c, caller, out);
      case NfsCall.Pathconf c -> fileSystems.pathconf(c, caller, out);
      case NfsCall.Commit c -> writes.commit(c, caller, out);
    }
  }

  private void lookup(NfsCall.Lookup call, Caller caller, XdrWriter out) throws IOException {
    int start = out.position();
    reads.lookup(call, caller, out);
    if (out.wordAt(start) == NfsStatus.NOENT.code()) {
      progress.notThere(caller.peer(), call.directory(), call.name());
    }
  }

  /** A status, and "not given" for each piece of attributes that follows it. */
  private void refuse(NfsCall call, NfsStatus status, XdrWriter out) {
    if (status == NfsStatus.BADHANDLE) {
      counters.count("nfs.bad-handles");
    } else if (status == NfsStatus.STALE) {
      counters.count("nfs.stale-handles");
    }
    out.u32(status.code());
    for (int i = attributeSlots(call); i > 0; i--) {
      out.u32(0);
    }
  }

  /** Optional attributes in the failure arm of the result, RFC 1813 section 3.3. */
  private static int attributeSlots(NfsCall call) {
    return switch (call) {
      case NfsCall.Getattr _ -> 0;
      case NfsCall.Lookup _ -> 1;
      case NfsCall.Access _ -> 1;
      case NfsCall.Readlink _ -> 1;
      case NfsCall.Read _ -> 1;
      case NfsCall.Readdir _ -> 1;
      case NfsCall.Readdirplus _ -> 1;
      case NfsCall.Fsstat _ -> 1;
      case NfsCall.Fsinfo _ -> 1;
      case NfsCall.Pathconf _ -> 1;
      case NfsCall.Setattr _ -> 2;
      case NfsCall.Write _ -> 2;
      case NfsCall.Create _ -> 2;
      case NfsCall.Mkdir _ -> 2;
      case NfsCall.Symlink _ -> 2;
      case NfsCall.Mknod _ -> 2;
      case NfsCall.Remove _ -> 2;
      case NfsCall.Rmdir _ -> 2;
      case NfsCall.Commit _ -> 2;
      case NfsCall.Link _ -> 3;
      case NfsCall.Rename _ -> 4;
    };
  }
}
