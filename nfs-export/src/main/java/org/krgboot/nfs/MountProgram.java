package org.krgboot.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileHandles;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;
import org.krgboot.model.BootEvent;
import org.krgboot.model.RootVersion;

/**
 * MOUNT version 3 (RFC 1813 appendix I), and of version 1 (RFC 1094 appendix A) all but MNT: its
 * handles lead to NFS version 2, so that MNT is refused and the operator told what to do.
 */
final class MountProgram implements RpcProgram {
  static final int NUMBER = 100005;
  static final int VERSION = 3;
  static final int OLD_VERSION = 1;

  /** Procedures. */
  private static final int NULL = 0;

  private static final int MNT = 1;
  private static final int DUMP = 2;
  private static final int UMNT = 3;
  private static final int UMNTALL = 4;
  private static final int EXPORT = 5;

  private static final byte[] ITSELF = {};

  private final Exports exports;
  private final HandleCodec codec;
  private final ReplyCache replies;
  private final BootProgress progress;
  private final Fence fence;
  private final Counters counters;
  private final MountTable table = new MountTable();

  MountProgram(
      Exports exports,
      HandleCodec codec,
      ReplyCache replies,
      BootProgress progress,
      Fence fence,
      Counters counters) {
    this.exports = exports;
    this.codec = codec;
    this.replies = replies;
    this.progress = progress;
    this.fence = fence;
    this.counters = counters;
  }

  /** Why a mount is refused: for the client, and for the operator. */
  private static final class Refusal extends IOException {
    private static final long serialVersionUID = 1;
    private final NfsStatus status;

    Refusal(NfsStatus status, String reason) {
      super(reason);
      this.status = status;
    }
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public String name() {
    return "mount";
  }

  @Override
  public int lowestVersion() {
    return OLD_VERSION;
  }

  @Override
  public int highestVersion() {
    return VERSION;
  }

  @Override
  public boolean serves(int version) {
    return version == VERSION || version == OLD_VERSION;
  }

  @Override
  public void versionRefused(Peer peer, int version) {
    counters.count("mount.version-refused");
  }

  @Override
  public boolean answer(RpcMessage.Call call, Peer peer, Disk disk, XdrReader in, XdrWriter out) {
    switch (call.procedure()) {
      case NULL -> {}
      case MNT -> mount(call.version(), peer, in.opaque(MountPath.MAX), out);
      case DUMP -> dump(out);
      case UMNT ->
          table.remove(new MountTable.Mount(peer.address(), text(in.opaque(MountPath.MAX))));
      case UMNTALL -> table.removeAll(peer.address());
      case EXPORT -> list(out);
      default -> {
        return false;
      }
    }
    counters.count("mount.calls");
    return true;
  }

  private static String text(byte[] path) {
    return new String(path, StandardCharsets.UTF_8);
  }

  /** It walks through directories that may not be in memory, and looks for programs there. */
  @Override
  public boolean waitsForDisk(int procedure, ByteBuffer message) {
    return procedure == MNT;
  }

  private void mount(int version, Peer peer, byte[] path, XdrWriter out) {
    String asked = printable(path);
    if (fence.keepsOut(peer.address())) {
      counters.count("mount.fenced");
      progress.mountRefused(
          peer, asked, BootEvent.Refusal.FENCED, "this node is fenced; krgboot unfence it");
      out.u32(NfsStatus.ACCES.code());
      return;
    }
    try {
      if (version == OLD_VERSION) {
        throw new Refusal(
            NfsStatus.ACCES,
            "asked for an NFS version 2 mount, and version 3 is served: add v3,tcp to nfsroot=");
      }
      Found found = resolve(peer, path);
      out.u32(NfsStatus.OK.code());
      out.opaque(found.root().handle().bytes());
      out.u32(1); // one flavour
      out.u32(RpcMessage.AUTH_SYS);
      if (!table.add(new MountTable.Mount(peer.address(), text(path)))) {
        replies.forget(peer.address()); // it has restarted; old kernels begin with the same xids
      }
      Root root = found.root();
      progress.mounted(
          peer,
          found.led().map(MountProgram::printable).orElse(asked),
          root.handle(),
          root.signs());
    } catch (Refusal refusal) {
      counters.count("mount.refused");
      progress.mountRefused(
          peer, asked, why(version, refusal), String.valueOf(refusal.getMessage()));
      out.u32(refusal.status.code());
    }
  }

  private static BootEvent.Refusal why(int version, Refusal refusal) {
    if (version == OLD_VERSION) {
      return BootEvent.Refusal.NFS_VERSION;
    }
    return switch (refusal.status) {
      case ACCES, PERM -> BootEvent.Refusal.FORBIDDEN;
      case NOENT, NOTDIR -> BootEvent.Refusal.NOT_FOUND;
      default -> BootEvent.Refusal.FAILED;
    };
  }

  /** For people: what a stranger sent must not upset a terminal. */
  private static String printable(byte[] path) {
    return text(path).replaceAll("\\p{Cntrl}", "?");
  }

  /** A directory that is given, and what in it tells how far its node is. */
  private record Root(WireHandle handle, RootSigns signs) {}

  /**
   * A directory that may be mounted.
   *
   * @param led where a link led that the client named, if it named one
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Found(Root root, Optional<byte[]> led) {}

  private Found resolve(Peer peer, byte[] path) throws Refusal {
    try {
      return resolveLiterally(peer, path);
    } catch (Refusal refusal) {
      byte[] shorter = MountPath.withoutOptions(path);
      if (refusal.status != NfsStatus.NOENT || shorter.length == path.length) {
        throw refusal;
      }
      return resolveLiterally(peer, shorter);
    }
  }

  private Found resolveLiterally(Peer peer, byte[] path) throws Refusal {
    MountPath asked = MountPath.of(path);
    List<ExportTable.Entry> all = exports.now().all();
    ExportTable.Entry entry =
        deepest(all, asked)
            .orElseThrow(() ->
                new Refusal(
                    NfsStatus.NOENT,
                    "no such export; exported are "
                        + all.stream().map(each -> each.export().path()).toList()));
    mustBeFor(peer, entry);
    Identity.leave();
    // What is published can change: who mounts now gets the version that the link leads to now, and
    // keeps it, by handles of the export in which the version lies.
    Optional<Path> target = RootVersion.behind(entry.export().path()).map(RootVersion::path);
    Optional<ExportTable.Entry> behind =
        target.flatMap(real -> deepest(all, MountPath.of(bytes(real))));
    if (behind.isEmpty()) {
      return new Found(open(entry, asked), Optional.empty());
    }
    mustBeFor(peer, behind.get());
    byte[] led = asked.moved(MountPath.of(entry.directory().pathBytes()), bytes(target.get()));
    return new Found(open(behind.get(), MountPath.of(led)), Optional.of(led));
  }

  private static Optional<ExportTable.Entry> deepest(List<ExportTable.Entry> all, MountPath asked) {
    return all.stream()
        .filter(each -> asked.isIn(MountPath.of(each.directory().pathBytes())))
        .max(Comparator.comparingInt(MountProgram::depth));
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void mustBeFor(Peer peer, ExportTable.Entry entry) throws Refusal {
    Optional<String> refusal = ExportPolicy.refusal(entry.export(), peer);
    if (refusal.isPresent()) {
      throw new Refusal(NfsStatus.ACCES, refusal.get());
    }
  }

  private Root open(ExportTable.Entry entry, MountPath asked) throws Refusal {
    OpenExport directory = alive(entry).directory();
    if (!directory.retain()) {
      throw new Refusal(NfsStatus.STALE, "the export is being withdrawn");
    }
    try {
      return walk(directory, asked);
    } finally {
      directory.release();
    }
  }

  private ExportTable.Entry alive(ExportTable.Entry entry) throws Refusal {
    try {
      return exports.alive(entry);
    } catch (IOException e) {
      throw new Refusal(NfsStatus.NOENT, String.valueOf(e.getMessage()));
    }
  }

  private static int depth(ExportTable.Entry entry) {
    return MountPath.of(entry.directory().pathBytes()).components().size();
  }

  /** Down from the export, never over a link, up, or into another file system. */
  private Root walk(OpenExport export, MountPath asked) throws Refusal {
    int fd = export.rootFd();
    try {
      for (byte[] name : asked.below(MountPath.of(export.pathBytes()))) {
        Names.checkOld(name);
        int next =
            FileCalls.openat(
                fd, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW | OpenFlags.O_DIRECTORY, 0);
        if (fd != export.rootFd()) {
          FileCalls.close(fd);
        }
        fd = next;
      }
      Stat stat = FileCalls.statx(fd, ITSELF, 0);
      if (stat.mountId() != export.mountId()) {
        throw new Refusal(
            NfsStatus.ACCES, "another file system is mounted there; export it by itself");
      }
      return new Root(
          codec.encode(export.id(), FileHandles.nameToHandle(fd)), RootSigns.of(export, fd, codec));
    } catch (Refusal e) {
      throw e;
    } catch (IOException e) {
      throw new Refusal(NfsStatus.of(e), "no directory of that name in " + export.path());
    } finally {
      closeUnless(export, fd);
    }
  }

  private static void closeUnless(OpenExport export, int fd) {
    if (fd != export.rootFd()) {
      try {
        FileCalls.close(fd);
      } catch (IOException e) {
        // An O_PATH descriptor has nothing to lose, close(2).
      }
    }
  }

  private void dump(XdrWriter out) {
    for (MountTable.Mount mount : table.all()) {
      out.u32(1);
      out.opaque(mount.client().toString().getBytes(StandardCharsets.US_ASCII));
      out.opaque(mount.path().getBytes(StandardCharsets.UTF_8));
    }
    out.u32(0);
  }

  private void list(XdrWriter out) {
    for (ExportTable.Entry entry : exports.now().all()) {
      out.u32(1);
      out.opaque(entry.directory().pathBytes());
      for (Export.Rule rule : entry.export().rules()) {
        out.u32(1);
        out.opaque(rule.clients().toString().getBytes(StandardCharsets.US_ASCII));
      }
      out.u32(0);
    }
    out.u32(0);
  }
}
