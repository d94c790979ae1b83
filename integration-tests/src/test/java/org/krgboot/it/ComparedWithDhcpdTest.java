package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The how-to's dhcpd.conf, given to ISC's dhcpd and, imported, to us: both answer the same requests
 * of a boot ROM, iPXE, the kernel, klibc and a client that does not say what it wants, in OFFER and
 * ACK. Every part of an answer that differs is explained here.
 */
class ComparedWithDhcpdTest {
  private static final String HOW_TO = "01-how-to.conf";

  /** Parts that differ, by field of the header or number of the option, and why. */
  private static final Map<String, String> DIFFERENCES =
      Map.of(
          "siaddr", "dhcpd says 0.0.0.0 without next-server; we say where kernel and root are",
          "sname", "dhcpd says none without server-name; we say where the boot file is",
          "file",
              "the how-to's group has no host, so dhcpd names no boot file; neither do we from it,"
                  + " but a boot server without one names its own",
          "17", "as file: no root from the group, but our own nfs.root, with what old kernels need",
          "58", "T1, which dhcpd sends only if configured; clients assume the same half",
          "59", "T2, the same: seven eighths",
          "66", "the header's sname again, for clients that ask for the option",
          "67", "the header's file again, for clients that ask for the option",
          "175", "iPXE is told not to wait for a ProxyDHCP server");

  /** What a node's network depends on; none of these may ever get into the table above. */
  private static final Set<String> NEVER =
      Set.of("1", "3", "6", "12", "15", "28", "42", "51", "53");

  @TempDir Path directory;

  @Test
  void nodes_are_told_what_dhcpd_told_them_but_for_what_is_explained() throws Exception {
    Path dhcpd = dhcpd();
    Path conf = Path.of("../importers/src/test/resources/dhcpd", HOW_TO).toAbsolutePath();
    Map<String, String> theirs;
    Map<String, String> ours;
    try (TestNetwork network = TestNetwork.make()) {
      network.addressClient("10.11.12.2");
      theirs = ofDhcpd(dhcpd, conf, network);
      ours = ofUs(conf, network);
    }
    assertThat(theirs).hasSizeGreaterThan(80);
    Set<String> different = new TreeSet<>();
    Set<String> places = new TreeSet<>(theirs.keySet());
    places.addAll(ours.keySet());
    for (String place : places) {
      String field = place.substring(place.lastIndexOf(' ') + 1);
      if (!theirs.getOrDefault(place, "none").equals(ours.getOrDefault(place, "none"))) {
        different.add(field);
        assertThat(DIFFERENCES)
            .as("%s: dhcpd %s, we %s", place, theirs.get(place), ours.get(place))
            .containsKey(field);
      }
    }
    assertThat(different).as("no explanation of what is the same").isEqualTo(DIFFERENCES.keySet());
    assertThat(different).doesNotContainAnyElementsOf(NEVER);
  }

  /** Each part of each answer with its value. */
  private static Map<String, String> parts(String output) {
    Map<String, String> parts = new TreeMap<>();
    output
        .lines()
        .filter(line -> line.indexOf('=') > 0)
        .filter(line -> !line.contains(" yiaddr=")) // which one is the server's choice
        .forEach(line ->
            parts.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    return parts;
  }

  private static Map<String, String> asked(TestNetwork network) throws Exception {
    Path classes =
        Path.of(RelayClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return parts(
        network
            .clientShell()
            .must(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                RelayClient.class.getName(),
                TestNetwork.SERVER_ADDRESS,
                "10.11.12.2"));
  }

  private Map<String, String> ofDhcpd(Path dhcpd, Path conf, TestNetwork network) throws Exception {
    Path log = directory.resolve("dhcpd.log");
    Path leases = Files.createFile(directory.resolve("dhcpd.leases"));
    List<String> command = new ArrayList<>(network.serverShell().prefix());
    command.addAll(
        List.of(
            dhcpd.toString(),
            "-f",
            "-4",
            "-d",
            "-cf",
            conf.toString(),
            "-lf",
            leases.toString(),
            "-pf",
            directory.resolve("dhcpd.pid").toString(),
            TestNetwork.SERVER_INTERFACE));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      while (!Files.readString(log).contains("Server starting service")) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        Thread.sleep(50);
      }
      return asked(network);
    } finally {
      process.destroy();
      process.waitFor(20, TimeUnit.SECONDS);
    }
  }

  private Map<String, String> ofUs(Path conf, TestNetwork network) throws Exception {
    Path toml = directory.resolve("krgboot.toml");
    Shell.Result imported =
        Shell.onThisHost()
            .run(
                TestDaemon.krgboot("import", "dhcpd.conf=" + conf, "--output", toml.toString())
                    .toArray(String[]::new));
    assertThat(imported.status()).as("the empty group is told: %s", imported.output()).isEqualTo(1);
    try (TestDaemon _ =
        TestDaemon.start(
            network.serverShell(),
            directory.resolve("state"),
            "--only",
            "dhcp",
            "--config",
            toml.toString())) {
      return asked(network);
    }
  }

  /** Installed, or unpacked from its Debian package without installing it. */
  private Path dhcpd() throws Exception {
    Path installed = Path.of("/usr/sbin/dhcpd");
    if (Files.isExecutable(installed)) {
      return installed;
    }
    assumeTrue(Shell.has("apt-get"), "SKIPPED: isc-dhcp-server is not installed");
    Shell.onThisHost()
        .run(
            "sh",
            "-c",
            "cd " + directory + " && apt-get -q download isc-dhcp-server && dpkg -x *.deb dhcpd");
    Path unpacked = directory.resolve("dhcpd/usr/sbin/dhcpd");
    assumeTrue(
        Files.isExecutable(unpacked),
        "SKIPPED: the package isc-dhcp-server is neither installed nor to be had");
    return unpacked;
  }
}
