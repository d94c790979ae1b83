package org.krgboot.nfs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.krgboot.linux.Capabilities;
import org.krgboot.linux.Capability;
import org.krgboot.model.Ipv4;

/** How tests start the server. */
final class TestServer {
  static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");

  private TestServer() {}

  static void assumeFileHandles() {
    assumeTrue(
        Capabilities.ofThisThread().has(Capability.DAC_READ_SEARCH),
        "file handles need CAP_DAC_READ_SEARCH: run this test as root");
  }

  /** A read-write root on loopback, at any free ports. */
  static NfsConfig config(Path directory, Path root) {
    return config(directory, Export.readWriteRoot(root));
  }

  static NfsConfig config(Path directory, Export... exports) {
    return new NfsConfig(
        LOOPBACK,
        NfsConfig.EPHEMERAL,
        NfsConfig.EPHEMERAL,
        NfsConfig.EPHEMERAL,
        List.of(exports),
        directory.resolve("state"),
        Limits.DEFAULTS);
  }
}
