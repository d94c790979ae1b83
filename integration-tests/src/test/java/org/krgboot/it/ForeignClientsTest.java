package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that we did not write agree with the running daemon. */
class ForeignClientsTest {
  @TempDir Path directory;
  private TestNetwork network;
  private TestDaemon daemon;
  private byte[] big;

  @BeforeEach
  void start() throws Exception {
    network = TestNetwork.make();
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("boot"));
    Files.createDirectories(root.resolve("etc"));
    Files.createDirectories(root.resolve("srv"));
    Files.writeString(root.resolve("boot/vmlinuz-6.1.0"), "kernel");
    Files.writeString(root.resolve("boot/initrd.img-6.1.0"), "initrd");
    Files.writeString(root.resolve("etc/hello"), "hello from the root\n");
    big = new byte[3_000_001];
    new Random(1).nextBytes(big);
    Path tftp = Files.createDirectories(directory.resolve("tftp"));
    Files.write(tftp.resolve("big"), big);
    daemon =
        TestDaemon.start(
            network.serverShell(),
            directory.resolve("state"),
            "--interface",
            TestNetwork.SERVER_INTERFACE,
            "--root",
            root.toString(),
            "--tftp-root",
            tftp.toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (network != null) {
      network.close();
    }
  }

  private static void needs(String command, String debianPackage) {
    assumeTrue(
        Shell.has(command),
        "SKIPPED: `" + command + "` is missing (package " + debianPackage + ")");
  }

  private static Path script(Path file, String text) throws Exception {
    Files.writeString(file, text);
    file.toFile().setExecutable(true);
    return file;
  }

  @Test
  void dhclient_gets_an_address_a_name_and_the_root_path() throws Exception {
    needs("dhclient", "isc-dhcp-client");
    Path seen = directory.resolve("dhclient.env");
    Path script =
        script(directory.resolve("dhclient-script"), "#!/bin/sh\nenv >> " + seen + "\nexit 0\n");
    Path config =
        Files.writeString(
            directory.resolve("dhclient.conf"),
            "request subnet-mask, broadcast-address, routers, host-name, root-path, domain-name;\n");
    String[] dhclient = {
      "dhclient",
      "-4",
      "-1",
      "-d",
      "-v",
      "-cf",
      config.toString(),
      "-sf",
      script.toString(),
      "-lf",
      directory.resolve("dhclient.leases").toString(),
      "-pf",
      directory.resolve("dhclient.pid").toString(),
      TestNetwork.CLIENT_INTERFACE
    };
    // -d stays in the foreground for ever; one minute's bound would be wasted, so a timer ends it.
    String output = network.clientShell().run(prepend("timeout", "10", dhclient)).output();
    assertThat(output).contains("DHCPACK of 10.11.12.101 from 10.11.12.1");
    assertThat(Files.readString(seen))
        .contains("new_ip_address=10.11.12.101")
        .contains("new_host_name=krgnode101")
        .contains("new_subnet_mask=255.255.255.0")
        .contains("new_broadcast_address=10.11.12.255")
        .contains("new_root_path=10.11.12.1:" + directory.resolve("root"));
    assertThat(daemon.ask("nodes").output()).contains("krgnode101", "10.11.12.101");
  }

  @Test
  void udhcpc_gets_the_same_address_again_after_the_daemon_was_killed() throws Exception {
    needs("udhcpc", "udhcpc");
    Path seen = directory.resolve("udhcpc.env");
    Path script =
        script(directory.resolve("udhcpc-script"), "#!/bin/sh\nenv >> " + seen + "\nexit 0\n");
    String[] udhcpc = {
      "udhcpc",
      "-f",
      "-n",
      "-q",
      "-t",
      "5",
      "-T",
      "2",
      "-i",
      TestNetwork.CLIENT_INTERFACE,
      "-s",
      script.toString(),
      "-O",
      "hostname"
    };
    assertThat(network.clientShell().run(udhcpc).output())
        .contains("lease of 10.11.12.101 obtained");
    daemon.kill();
    daemon.start();
    assertThat(network.clientShell().run(udhcpc).output())
        .contains("lease of 10.11.12.101 obtained");
    assertThat(Files.readString(seen)).contains("hostname=krgnode101");
  }

  /** In a file system name space of its own, where it finds its settings and may write. */
  @Test
  void systemd_networkd_gets_an_address_and_gives_it_back() throws Exception {
    String networkd = "/lib/systemd/systemd-networkd";
    assumeTrue(Files.isExecutable(Path.of(networkd)), "SKIPPED: " + networkd + " is missing");
    Path script =
        script(
            directory.resolve("networkd"),
            """
            #!/bin/sh
            set -e
            mount --make-rprivate /
            mount -t tmpfs tmpfs /run
            mkdir -p /run/systemd/network /run/systemd/netif/leases /run/systemd/netif/links
            chown -R systemd-network:systemd-network /run/systemd/netif
            # With /sys read-only it does not wait for udev.
            mount -o remount,ro,bind /sys
            printf '[Match]\nName=%s\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n' > \
                /run/systemd/network/10-node.network
            SYSTEMD_LOG_LEVEL=debug %s > /run/log 2>&1 &
            for i in $(seq 90); do grep -q 'acquired from' /run/log && break; sleep 0.5; done
            kill $!
            wait $! || true
            cat /run/log
            """
                .formatted(TestNetwork.CLIENT_INTERFACE, networkd));
    String output = network.clientShell().run("unshare", "-m", script.toString()).output();
    assertThat(output).contains("DHCPv4 address 10.11.12.101/24 acquired from 10.11.12.1");
    assertThat(output).contains("DHCPv4 client: RELEASE");
    for (int i = 0; i < 100 && !daemon.log().contains("10.11.12.101 released"); i++) {
      Thread.sleep(100);
    }
    assertThat(daemon.log()).contains("10.11.12.101 is krgnode101", "10.11.12.101 released");
  }

  /** Runs a TFTP client that is to store the file "big" as {@code got}. */
  private void fetches(String debianPackage, Path got, String... command) throws Exception {
    needs(command[0], debianPackage);
    network.addressClient("10.11.12.50");
    network.clientShell().must(command);
    assertThat(Files.readAllBytes(got)).as(String.join(" ", command)).isEqualTo(big);
  }

  @Test
  void tftp_hpa_fetches_what_was_stored() throws Exception {
    String get = "get big " + directory.resolve("got");
    String client = "tftp -m binary " + TestNetwork.SERVER_ADDRESS + " -c " + get;
    fetches("tftp-hpa", directory.resolve("got"), client.split(" "));
  }

  @Test
  void atftp_fetches_what_was_stored_in_windows_of_16() throws Exception {
    Path got = directory.resolve("got");
    String[] options = {"atftp", "--option", "blksize 1468", "--option", "windowsize 16"};
    String rest = "-g -r big -l " + got + " " + TestNetwork.SERVER_ADDRESS;
    fetches(
        "atftp",
        got,
        Stream.concat(Stream.of(options), Stream.of(rest.split(" "))).toArray(String[]::new));
  }

  @Test
  void curl_fetches_what_was_stored() throws Exception {
    Path got = directory.resolve("got");
    String client = "curl -sS --tftp-blksize 1468 -o " + got + " " + tftp("big");
    fetches("curl", got, client.split(" "));
  }

  @Test
  void curl_fetches_the_rendered_configuration_and_the_kernel_that_it_names() throws Exception {
    needs("curl", "curl");
    network.addressClient("10.11.12.50");
    assertThat(network.clientShell().must("curl", "-sS", tftp("pxelinux.cfg/default")))
        .contains("LINUX boot/vmlinuz-6.1.0", "INITRD boot/initrd.img-6.1.0")
        .contains("nfsroot=10.11.12.1:" + directory.resolve("root") + ",v3,tcp");
    assertThat(network.clientShell().must("curl", "-sS", tftp("boot/vmlinuz-6.1.0")))
        .isEqualTo("kernel");
  }

  private static String tftp(String file) {
    return "tftp://" + TestNetwork.SERVER_ADDRESS + "/" + file;
  }

  @Test
  void libnfs_lists_reads_and_writes_the_root_by_the_portmapper() throws Exception {
    needs("nfs-ls", "libnfs-utils");
    network.addressClient("10.11.12.50");
    String url = "nfs://" + TestNetwork.SERVER_ADDRESS + directory.resolve("root");
    assertThat(network.clientShell().must("nfs-ls", url + "/?version=3")).contains("boot", "etc");
    assertThat(network.clientShell().must("nfs-cat", url + "/etc/hello?version=3"))
        .isEqualTo("hello from the root\n");
    Path local = Files.write(directory.resolve("local"), big);
    network.clientShell().must("nfs-cp", local.toString(), url + "/srv/copy?version=3");
    assertThat(Files.readAllBytes(directory.resolve("root/srv/copy"))).isEqualTo(big);
    Shell.Result refused =
        network
            .clientShell()
            .run("nfs-ls", "nfs://" + TestNetwork.SERVER_ADDRESS + "/etc?version=3");
    assertThat(refused.status()).isNotZero();
    assertThat(daemon.log()).contains("/etc: refused");
  }

  @Test
  void the_check_asks_the_running_daemon_with_foreign_clients_and_is_content() throws Exception {
    Shell.Result check =
        daemon.ask(
            "check",
            "--interface",
            TestNetwork.SERVER_INTERFACE,
            "--root",
            directory.resolve("root").toString(),
            "--tftp-root",
            directory.resolve("tftp").toString());
    assertThat(check.output())
        .contains("the daemon runs")
        .contains("our DHCP server answers")
        .contains("fetched pxelinux.0 by TFTP")
        .contains("fetched boot.ipxe by HTTP")
        .contains("has no init");
    assertThat(check.status()).as("a root without init is a problem").isEqualTo(1);
  }

  @Test
  void the_check_on_another_machine_finds_us_as_a_foreign_dhcp_server() throws Exception {
    network.addressClient("10.11.12.50");
    Shell.Result check =
        network
            .clientShell()
            .run(
                TestDaemon.krgboot(
                        "check",
                        "--interface",
                        TestNetwork.CLIENT_INTERFACE,
                        "--only",
                        "dhcp",
                        "--state-dir",
                        directory.resolve("other").toString())
                    .toArray(String[]::new));
    assertThat(check.output())
        .contains(
            "another DHCP server answers on " + TestNetwork.CLIENT_INTERFACE + ": 10.11.12.1");
    assertThat(check.status()).isEqualTo(1);
  }

  private static String[] prepend(String first, String second, String... rest) {
    String[] all = new String[rest.length + 2];
    all[0] = first;
    all[1] = second;
    System.arraycopy(rest, 0, all, 2, rest.length);
    return all;
  }
}
