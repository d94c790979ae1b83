package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases of dhcpd, imported, restored and served: a node that runs keeps its address. */
class ImportedLeasesTest {
  private static final String CONFIGURATION =
      """
      authoritative;
      subnet 10.11.12.0 netmask 255.255.255.0 { range 10.11.12.101 10.11.12.199; }
      """;

  /** The boot ROM's address is not the one that would be its turn; iPXE's lease is over. */
  private static final String LEASES =
      """
      lease 10.11.12.177 {
        starts epoch 1795000000;
        ends never;
        binding state active;
        hardware ethernet 52:54:00:00:00:01;
        uid "\\001RT\\000\\000\\000\\001";
        client-hostname "krgnode177";
      }
      lease 10.11.12.178 {
        starts epoch 1795000000;
        ends epoch 1795000600;
        binding state free;
        hardware ethernet 52:54:00:00:00:02;
      }
      """;

  @TempDir Path directory;

  private void krgboot(int code, String... arguments) throws Exception {
    Shell.Result done =
        Shell.onThisHost().run(TestDaemon.krgboot(arguments).toArray(String[]::new));
    assertThat(done.status()).as(done.output()).isEqualTo(code);
  }

  @Test
  void a_node_gets_the_address_that_dhcpd_had_given_it() throws Exception {
    Path conf = Files.writeString(directory.resolve("dhcpd.conf"), CONFIGURATION);
    Path leases = Files.writeString(directory.resolve("dhcpd.leases"), LEASES);
    Path toml = directory.resolve("krgboot.toml");
    Path dump = directory.resolve("leases.txt");
    Path state = Files.createDirectory(directory.resolve("state"));
    krgboot(
        0,
        "import",
        conf.toString(),
        leases.toString(),
        "--output",
        toml.toString(),
        "--leases",
        dump.toString());
    krgboot(0, "leases", "restore", "--state-dir=" + state, dump.toString());
    try (TestNetwork network = TestNetwork.make()) {
      network.addressClient("10.11.12.2");
      try (TestDaemon _ =
          TestDaemon.start(
              network.serverShell(), state, "--only", "dhcp", "--config", toml.toString())) {
        assertThat(answers(network))
            .contains("rom OFFER yiaddr=10.11.12.177\n", "rom ACK yiaddr=10.11.12.177\n")
            .doesNotContain("ipxe ACK yiaddr=10.11.12.177\n");
      }
    }
  }

  private static String answers(TestNetwork network) throws Exception {
    Path classes =
        Path.of(RelayClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return network
        .clientShell()
        .must(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classes.toString(),
            RelayClient.class.getName(),
            TestNetwork.SERVER_ADDRESS,
            "10.11.12.2");
  }
}
