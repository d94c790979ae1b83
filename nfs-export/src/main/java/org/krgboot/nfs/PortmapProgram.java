package org.krgboot.nfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.krgboot.nfs.Peer.Transport;

/**
 * The portmapper, version 2, RFC 1833 section 3. It tells of our own programs; nobody can register
 * others, and it calls nobody.
 */
final class PortmapProgram implements RpcProgram {
  static final int NUMBER = 100000;
  static final int VERSION = 2;

  private static final int IP_PROTOCOL_TCP = 6;
  private static final int IP_PROTOCOL_UDP = 17;

  /** Procedures. */
  static final int NULL = 0;

  static final int SET = 1;
  static final int UNSET = 2;
  private static final int GETPORT = 3;
  static final int DUMP = 4;

  /** One program on one port. */
  record Mapping(int program, int version, Transport transport, int port) {
    int protocol() {
      return switch (transport) {
        case TCP -> IP_PROTOCOL_TCP;
        case UDP -> IP_PROTOCOL_UDP;
      };
    }

    /** Ours, on both transports; a port of 0 is not served. */
    static List<Mapping> ofOurs(int nfsPort, int mountPort) {
      List<Mapping> all = new ArrayList<>();
      for (Transport transport : Transport.values()) {
        add(all, NfsProgram.NUMBER, NfsProgram.VERSION, transport, nfsPort);
        add(all, MountProgram.NUMBER, MountProgram.VERSION, transport, mountPort);
        add(all, MountProgram.NUMBER, MountProgram.OLD_VERSION, transport, mountPort);
      }
      return all;
    }

    private static void add(
        List<Mapping> all, int program, int version, Transport transport, int port) {
      if (port > 0) {
        all.add(new Mapping(program, version, transport, port));
      }
    }

    boolean isOfTheSameVersionAs(Mapping other) {
      return program == other.program && version == other.version;
    }

    /** As people call it. */
    String name() {
      return switch (program) {
        case NfsProgram.NUMBER -> "nfs";
        case MountProgram.NUMBER -> "mount";
        default -> "program " + Integer.toUnsignedString(program);
      };
    }

    @Override
    public String toString() {
      return name()
          + " version "
          + Integer.toUnsignedString(version)
          + " over "
          + transport.name().toLowerCase(Locale.ROOT)
          + " at port "
          + Integer.toUnsignedString(port);
    }
  }

  /** What a client asks for; also the arguments of SET and UNSET. */
  record Query(int program, int version, int protocol, int port) {
    static Query decode(XdrReader in) {
      return new Query(in.u32(), in.u32(), in.u32(), in.u32());
    }
  }

  private final Supplier<List<Mapping>> mappings;
  private final Counters counters;

  PortmapProgram(Supplier<List<Mapping>> mappings, Counters counters) {
    this.mappings = mappings;
    this.counters = counters;
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public String name() {
    return "portmap";
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
    counters.count("portmap.version-refused"); // rpcinfo tries 4 and 3 first: no event
  }

  @Override
  public boolean answer(RpcMessage.Call call, Peer peer, Disk disk, XdrReader in, XdrWriter out) {
    switch (call.procedure()) {
      case NULL -> {}
      case SET, UNSET -> {
        Query.decode(in);
        out.bool(false);
      }
      case GETPORT -> out.u32(portOf(Query.decode(in)));
      case DUMP -> dump(out);
      default -> {
        return false; // CALLIT too: it would make us call others for strangers
      }
    }
    counters.count("portmap.calls");
    return true;
  }

  /**
   * The version is not compared, as in rpcbind: a client of another version then learns from the
   * program itself which one it serves.
   */
  private int portOf(Query query) {
    return mappings.get().stream()
        .filter(m -> m.program() == query.program() && m.protocol() == query.protocol())
        .mapToInt(Mapping::port)
        .findFirst()
        .orElse(0);
  }

  private void dump(XdrWriter out) {
    for (Mapping mapping : mappings.get()) {
      out.u32(1);
      out.u32(mapping.program());
      out.u32(mapping.version());
      out.u32(mapping.protocol());
      out.u32(mapping.port());
    }
    out.u32(0);
  }
}
