package org.krgboot.nfs.wire;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.Limits;
import org.krgboot.nfs.NfsConfig;
import org.krgboot.nfs.NfsServer;

/** A server in a process of its own, to be killed. Ends with its standard input. */
final class ServerMain {
  private static final int LOOPBACK = 127 << 24 | 1;

  /** What is wrong with the machine. */
  enum Trouble {
    NO_NAMELESS_FILES(SystemCallFilter::refuseNamelessFiles),
    DIES_BEFORE_TIMES(SystemCallFilter::dieBeforeTimes),
    DIES_BEFORE_LINK(SystemCallFilter::dieBeforeLink);

    private final Runnable begin;

    Trouble(Runnable begin) {
      this.begin = begin;
    }
  }

  private ServerMain() {}

  /**
   * Arguments: the exported directory, the state directory, the ports of NFS and of MOUNT, names of
   * troubles.
   */
  public static void main(String[] args) throws Exception {
    for (String trouble : List.of(args).subList(4, args.length)) {
      Trouble.valueOf(trouble).begin.run();
    }
    NfsConfig config =
        new NfsConfig(
            new Ipv4(LOOPBACK),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            0,
            List.of(Export.readWriteRoot(Path.of(args[0]))),
            Path.of(args[1]),
            Limits.DEFAULTS);
    try (NfsServer server = NfsServer.start(config, event -> {}, InstantSource.system())) {
      System.out.println("ready " + server.nfsPort() + " " + server.mountPort());
      while (System.in.read() >= 0) {
        // nothing is said to it
      }
    }
  }
}
