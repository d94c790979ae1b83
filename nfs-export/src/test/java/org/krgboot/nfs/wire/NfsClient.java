package org.krgboot.nfs.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.krgboot.nfs.wire.Results.Allowed;
import org.krgboot.nfs.wire.Results.Changed;
import org.krgboot.nfs.wire.Results.Committed;
import org.krgboot.nfs.wire.Results.Data;
import org.krgboot.nfs.wire.Results.Entry;
import org.krgboot.nfs.wire.Results.Found;
import org.krgboot.nfs.wire.Results.Got;
import org.krgboot.nfs.wire.Results.Info;
import org.krgboot.nfs.wire.Results.Linked;
import org.krgboot.nfs.wire.Results.Listing;
import org.krgboot.nfs.wire.Results.Made;
import org.krgboot.nfs.wire.Results.PathLimits;
import org.krgboot.nfs.wire.Results.Renamed;
import org.krgboot.nfs.wire.Results.Room;
import org.krgboot.nfs.wire.Results.Target;
import org.krgboot.nfs.wire.Results.Written;

/** The 22 procedures of NFS version 3, RFC 1813 section 3, as one caller. */
final class NfsClient {
  static final int UNSTABLE = 0;
  static final int DATA_SYNC = 1;
  static final int FILE_SYNC = 2;
  static final int UNCHECKED = 0;
  static final int GUARDED = 1;

  private final Transport transport;
  private final Caller caller;

  NfsClient(Transport transport, Caller caller) {
    this.transport = transport;
    this.caller = caller;
  }

  NfsClient as(Caller other) {
    return new NfsClient(transport, other);
  }

  /** One byte a character. */
  static byte[] bytes(String name) {
    return name.getBytes(ISO_8859_1);
  }

  private XdrIn call(int procedure, XdrOut arguments) throws IOException {
    RpcReply reply = transport.call(Transport.NFS, 3, procedure, caller, arguments.bytes());
    if (reply.outcome() != RpcReply.Outcome.SUCCESS) {
      throw new AssertionError("procedure " + procedure + ": " + reply.outcome());
    }
    return reply.body();
  }

  private static XdrOut in(byte[] dir, String name) {
    return new XdrOut().opaque(dir).opaque(bytes(name));
  }

  private static XdrOut with(XdrOut out, Sattr attributes) {
    attributes.write(out);
    return out;
  }

  private static <T> T whole(XdrIn in, T result) {
    in.end();
    return result;
  }

  void nothing() throws IOException {
    call(0, new XdrOut()).end();
  }

  Got getattr(byte[] file) throws IOException {
    XdrIn in = call(1, new XdrOut().opaque(file));
    Status status = Status.read(in);
    return whole(in, new Got(status, status == Status.OK ? Fattr.read(in) : null));
  }

  Changed setattr(byte[] file, Sattr attributes) throws IOException {
    return changed(call(2, with(new XdrOut().opaque(file), attributes).word(0)));
  }

  Changed setattrIf(byte[] file, Sattr attributes, Fattr.Time ctime) throws IOException {
    XdrOut out = with(new XdrOut().opaque(file), attributes).word(1);
    ctime.write(out);
    return changed(call(2, out));
  }

  private static Changed changed(XdrIn in) {
    return whole(in, new Changed(Status.read(in), Fattr.Wcc.read(in)));
  }

  Found lookup(byte[] dir, String name) throws IOException {
    XdrIn in = call(3, in(dir, name));
    Status status = Status.read(in);
    if (status != Status.OK) {
      return whole(in, new Found(status, null, null, Fattr.readOptional(in)));
    }
    return whole(
        in, new Found(status, in.opaque(), Fattr.readOptional(in), Fattr.readOptional(in)));
  }

  Allowed access(byte[] file, int bits) throws IOException {
    XdrIn in = call(4, new XdrOut().opaque(file).word(bits));
    Status status = Status.read(in);
    Fattr attributes = Fattr.readOptional(in);
    return whole(in, new Allowed(status, attributes, status == Status.OK ? in.word() : 0));
  }

  Target readlink(byte[] link) throws IOException {
    XdrIn in = call(5, new XdrOut().opaque(link));
    Status status = Status.read(in);
    Fattr attributes = Fattr.readOptional(in);
    return whole(in, new Target(status, attributes, status == Status.OK ? in.opaque() : null));
  }

  Data read(byte[] file, long offset, int count) throws IOException {
    XdrIn in = call(6, new XdrOut().opaque(file).hyper(offset).word(count));
    Status status = Status.read(in);
    Fattr attributes = Fattr.readOptional(in);
    if (status != Status.OK) {
      return whole(in, new Data(status, attributes, 0, false, null));
    }
    return whole(in, new Data(status, attributes, in.word(), in.bool(), in.opaque()));
  }

  Written write(byte[] file, long offset, int stable, byte[] data) throws IOException {
    XdrOut out = new XdrOut().opaque(file).hyper(offset).words(data.length, stable);
    XdrIn in = call(7, out.opaque(data));
    Status status = Status.read(in);
    Fattr.Wcc wcc = Fattr.Wcc.read(in);
    if (status != Status.OK) {
      return whole(in, new Written(status, wcc, 0, 0, null));
    }
    return whole(in, new Written(status, wcc, in.word(), in.word(), list(in.raw(8))));
  }

  /** Unchecked or guarded. */
  Made create(byte[] dir, String name, int how, Sattr attributes) throws IOException {
    return made(call(8, with(in(dir, name).word(how), attributes)));
  }

  Made createExclusive(byte[] dir, String name, long verifier) throws IOException {
    return made(call(8, in(dir, name).word(2).hyper(verifier)));
  }

  Made mkdir(byte[] dir, String name, Sattr attributes) throws IOException {
    return made(call(9, with(in(dir, name), attributes)));
  }

  Made symlink(byte[] dir, String name, String target) throws IOException {
    return made(call(10, with(in(dir, name), Sattr.NOTHING).opaque(bytes(target))));
  }

  /** FIFO or socket. */
  Made mknod(byte[] dir, String name, int type, Sattr attributes) throws IOException {
    return made(call(11, with(in(dir, name).word(type), attributes)));
  }

  Made mknod(byte[] dir, String name, int type, Sattr attributes, int[] device) throws IOException {
    return made(call(11, with(in(dir, name).word(type), attributes).words(device)));
  }

  /** A kind for which the RFC has no arguments. */
  Made mknodOfKind(byte[] dir, String name, int type) throws IOException {
    return made(call(11, in(dir, name).word(type)));
  }

  private static Made made(XdrIn in) {
    Status status = Status.read(in);
    if (status != Status.OK) {
      return whole(in, new Made(status, null, null, Fattr.Wcc.read(in)));
    }
    byte[] handle = in.bool() ? in.opaque() : null;
    return whole(in, new Made(status, handle, Fattr.readOptional(in), Fattr.Wcc.read(in)));
  }

  Changed remove(byte[] dir, String name) throws IOException {
    return changed(call(12, in(dir, name)));
  }

  Changed rmdir(byte[] dir, String name) throws IOException {
    return changed(call(13, in(dir, name)));
  }

  Renamed rename(byte[] fromDir, String from, byte[] toDir, String to) throws IOException {
    XdrIn in = call(14, in(fromDir, from).opaque(toDir).opaque(bytes(to)));
    return whole(in, new Renamed(Status.read(in), Fattr.Wcc.read(in), Fattr.Wcc.read(in)));
  }

  Linked link(byte[] file, byte[] dir, String name) throws IOException {
    XdrIn in = call(15, new XdrOut().opaque(file).opaque(dir).opaque(bytes(name)));
    return whole(in, new Linked(Status.read(in), Fattr.readOptional(in), Fattr.Wcc.read(in)));
  }

  Listing readdir(byte[] dir, long cookie, byte[] verifier, int count) throws IOException {
    XdrIn in = call(16, new XdrOut().opaque(dir).hyper(cookie).raw(verifier).word(count));
    return listing(in, 0);
  }

  /** {@code counts} is dircount, maxcount. */
  Listing readdirplus(byte[] dir, long cookie, byte[] verifier, int... counts) throws IOException {
    XdrIn in = call(17, new XdrOut().opaque(dir).hyper(cookie).raw(verifier).words(counts));
    return listing(in, 1);
  }

  private static Listing listing(XdrIn in, int plus) {
    int size = in.left() - 4; // READDIR3resok, without the status
    Status status = Status.read(in);
    Fattr attributes = Fattr.readOptional(in);
    if (status != Status.OK) {
      return whole(in, new Listing(status, attributes, null, List.of(), false, size));
    }
    byte[] verifier = in.raw(8);
    List<Entry> entries = new ArrayList<>();
    while (in.bool()) {
      entries.add(plus == 1 ? entryPlus(in) : entry(in));
    }
    return whole(in, new Listing(status, attributes, verifier, entries, in.bool(), size));
  }

  private static Entry entry(XdrIn in) {
    return new Entry(in.hyper(), in.opaque(), in.hyper(), null, null);
  }

  private static Entry entryPlus(XdrIn in) {
    Entry plain = entry(in);
    Fattr attributes = Fattr.readOptional(in);
    byte[] handle = in.bool() ? in.opaque() : null;
    return new Entry(plain.fileid(), plain.bytes(), plain.cookie(), attributes, handle);
  }

  Room fsstat(byte[] root) throws IOException {
    XdrIn in = call(18, new XdrOut().opaque(root));
    Status status = Status.read(in);
    Fattr attributes = Fattr.readOptional(in);
    if (status != Status.OK) {
      return whole(in, new Room(status, attributes, List.of()));
    }
    List<Long> six = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      six.add(in.hyper());
    }
    in.word(); // invarsec
    return whole(in, new Room(status, attributes, six));
  }

  Info fsinfo(byte[] root) throws IOException {
    XdrIn in = call(19, new XdrOut().opaque(root));
    Status status = Status.read(in);
    Fattr attributes = Fattr.readOptional(in);
    if (status != Status.OK) {
      return whole(in, new Info(status, attributes, List.of(), 0, null, 0));
    }
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      sizes.add(in.unsigned());
    }
    return whole(
        in, new Info(status, attributes, sizes, in.hyper(), Fattr.Time.read(in), in.word()));
  }

  PathLimits pathconf(byte[] file) throws IOException {
    XdrIn in = call(20, new XdrOut().opaque(file));
    Status status = Status.read(in);
    Fattr attributes = Fattr.readOptional(in);
    if (status != Status.OK) {
      return whole(in, new PathLimits(status, attributes, 0, 0, List.of()));
    }
    long links = in.unsigned();
    long name = in.unsigned();
    List<Boolean> is = List.of(in.bool(), in.bool(), in.bool(), in.bool());
    return whole(in, new PathLimits(status, attributes, links, name, is));
  }

  Committed commit(byte[] file, long offset, int count) throws IOException {
    XdrIn in = call(21, new XdrOut().opaque(file).hyper(offset).word(count));
    Status status = Status.read(in);
    Fattr.Wcc wcc = Fattr.Wcc.read(in);
    List<Byte> verifier = status == Status.OK ? list(in.raw(8)) : null;
    return whole(in, new Committed(status, wcc, verifier));
  }

  private static List<Byte> list(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    Arrays.setAll(boxed, i -> bytes[i]);
    return List.of(boxed);
  }
}
