package org.krgboot.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Demands by purpose, which a recipe names. They ask for nothing; they see that it is there. */
enum Preset {
  /**
   * The kernel itself asks DHCP and mounts its root (Documentation/admin-guide/nfs/nfsroot.rst).
   */
  NFSROOT("nfsroot") {
    @Override
    List<Demand> demands(KernelVersion version) {
      return List.of(
          Shared.NET,
          Shared.INET,
          Demand.on("IP_PNP", "the kernel sets its own address; without it ip=dhcp is not known"),
          Demand.on("IP_PNP_DHCP", "the kernel asks DHCP; without it ip=dhcp waits for nothing"),
          Shared.NETDEVICES,
          Demand.on("NFS_FS", "the root is mounted before any module can be read"),
          Demand.on("NFS_V3", Shared.NFS_V3),
          Demand.on("ROOT_NFS", "root=/dev/nfs is not known without it"));
    }

    @Override
    boolean needsBuiltInDriver() {
      return true;
    }
  },
  /** An initrd asks DHCP and mounts the root. */
  NFSROOT_INITRD("nfsroot+initrd") {
    @Override
    List<Demand> demands(KernelVersion version) {
      List<Demand> demands = new ArrayList<>();
      demands.add(Demand.on("BLK_DEV_INITRD", "the initrd is thrown away without it"));
      if (!version.isBefore("2.6.30")) { // before that gzip was always in
        demands.add(
            new Demand(
                List.of("RD_GZIP", "RD_ZSTD", "RD_XZ", "RD_LZ4", "RD_LZO", "RD_LZMA", "RD_BZIP2"),
                List.of("y"),
                "the kernel unpacks the initrd itself; krgboot makes it with gzip"));
      }
      demands.add(Shared.NET);
      demands.add(Shared.INET);
      demands.add(Demand.onOrModule("PACKET", "the initrd's DHCP client speaks through it"));
      demands.add(Shared.NETDEVICES);
      demands.add(Demand.onOrModule("NFS_FS", "the root is mounted by NFS"));
      demands.add(new Demand(List.of("NFS_V3"), List.of("y", "m"), Shared.NFS_V3));
      return demands;
    }

    @Override
    boolean needsBuiltInDriver() {
      return false;
    }
  },
  /** What Kerrighed's own documentation demands and forbids. */
  KERRIGHED("kerrighed") {
    @Override
    List<Demand> demands(KernelVersion version) {
      return List.of(
          Demand.on("PREEMPT_NONE", Shared.PREEMPTED),
          Demand.onOrModule("KERRIGHED", "this is Kerrighed; in 2.4 it is a module"),
          Demand.off("PREEMPT", Shared.PREEMPTED),
          Demand.off("PREEMPT_VOLUNTARY", Shared.PREEMPTED),
          Demand.off("KEYS", "Kerrighed cannot move a process that has keys"),
          Demand.off("COMPAT", Shared.CALLS_32),
          Demand.off("IA32_EMULATION", Shared.CALLS_32),
          Demand.onOrModule("CONFIGFS_FS", "Kerrighed is told what to do through /config"),
          Demand.onOrModule("TIPC", "Kerrighed's nodes speak to each other by TIPC"));
    }

    @Override
    boolean needsBuiltInDriver() {
      return false;
    }
  };

  /** What several of them say. */
  private static final class Shared {
    static final Demand NET = Demand.on("NET", "nothing is had over the network without it");
    static final Demand INET = Demand.on("INET", "NFS, DHCP and all else go over IP");
    static final Demand NETDEVICES =
        Demand.on("NETDEVICES", "no network driver is there without it");
    static final String NFS_V3 = "krgboot serves NFS version 3 only";
    static final String PREEMPTED = "Kerrighed cannot be preempted in the kernel";
    static final String CALLS_32 = "Kerrighed has no 32-bit calls in a 64-bit kernel";
  }

  private final String text;

  Preset(String text) {
    this.text = text;
  }

  /** What it demands of a kernel of that version. */
  abstract List<Demand> demands(KernelVersion version);

  /** Whether the driver of the network card must not be a module. */
  abstract boolean needsBuiltInDriver();

  String text() {
    return text;
  }

  static Preset parse(String text) {
    Optional<Preset> found = Arrays.stream(values()).filter(p -> p.text.equals(text)).findFirst();
    return found.orElseThrow(() ->
        new IllegalArgumentException(
            "there is no preset '"
                + text
                + "'; there are "
                + String.join(", ", Arrays.stream(values()).map(Preset::text).toList())));
  }
}
