package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.krgboot.lab.LabNetwork;
import org.krgboot.lab.QemuNode;

/**
 * Real firmware up to the boot loader that it asks for: the iPXE ROM of QEMU's card under SeaBIOS,
 * and OVMF. The loaders are a few bytes; nothing is booted.
 */
class RomTest {
  private static final Duration FIRMWARE = Duration.ofMinutes(4);

  /**
   * A ROM that is not answered in its few seconds gives up, which a busy machine can bring about.
   */
  private static final int MOST_TRIES = 3;

  @TempDir Path directory;
  private FirmwareLab lab;
  private TestDaemon daemon;
  private Process other;

  @BeforeEach
  void lay_the_wire() throws Exception {
    lab = FirmwareLab.make(directory);
    Files.writeString(lab.tftp().resolve("pxelinux.0"), "loader of BIOS");
    Files.writeString(lab.tftp().resolve("syslinux.efi"), "loader of UEFI");
  }

  @AfterEach
  void clear() throws Exception {
    if (other != null) {
      other.destroy();
      if (!other.waitFor(10, TimeUnit.SECONDS)) {
        other.destroyForcibly().waitFor();
      }
    }
    if (lab != null) {
      lab.close();
    }
  }

  private void startDaemon(String settings) throws Exception {
    daemon = lab.start(settings);
  }

  private void powerOn(int number, QemuNode.Firmware firmware) throws Exception {
    powerOn(number, firmware, QemuNode.Nic.VIRTIO);
  }

  private void powerOn(int number, QemuNode.Firmware firmware, QemuNode.Nic nic) throws Exception {
    lab.powerOn(number, firmware, nic, List.of());
  }

  private static void needsOvmf() {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
  }

  /** Until the daemon's log has it; a node is switched on anew if it has given up. */
  private void awaitFrom(int number, QemuNode.Firmware firmware, String text) throws Exception {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      powerOn(number, firmware);
      long start = System.nanoTime();
      while (System.nanoTime() - start < FIRMWARE.toNanos() / MOST_TRIES) {
        if (daemon.log().contains(text)) {
          System.out.printf(
              "%s after %.1f s: %s%n", firmware, (System.nanoTime() - start) / 1e9, text);
          return;
        }
        Thread.sleep(100);
      }
      lab.powerOffTheLast();
    }
    throw new AssertionError("no '" + text + "' in\n" + daemon.log());
  }

  @Test
  void a_pc_asks_for_its_loader_once_it_was_told_that_nobody_else_is_to_be_waited_for()
      throws Exception {
    startDaemon("[dhcp]\nboot-file = \"pxelinux.0\"\n");
    awaitFrom(1, QemuNode.Firmware.BIOS, "tftp: sent pxelinux.0");
    lab.powerOffTheLast();
    long answeredBefore = daemon.counter("ra.answered");
    powerOnAgainAndMeasure();
    assertThat(daemon.counter("ra.answered")).isGreaterThan(answeredBefore);
    assertThat(daemon.log())
        .containsSubsequence(
            "dhcp: offered 10.11.12.101 (iPXE)",
            "dhcp: 10.11.12.101 is krgnode101 (iPXE)",
            "tftp: sent pxelinux.0")
        .doesNotContain("syslinux.efi", "\tat ");
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource(QemuNode.Nic.class)
  void the_rom_of_each_card_fetches_its_loader(QemuNode.Nic nic) throws Exception {
    startDaemon("[dhcp]\nboot-file = \"pxelinux.0\"\n");
    powerOn(1, QemuNode.Firmware.BIOS, nic);
    long start = System.nanoTime();
    while (sent("pxelinux.0") == 0 && System.nanoTime() - start < FIRMWARE.toNanos()) {
      Thread.sleep(100);
    }
    assertThat(daemon.log()).contains("tftp: sent pxelinux.0").doesNotContain("\tat ");
  }

  /** The daemon has answered before, as in daily use. */
  private void powerOnAgainAndMeasure() throws Exception {
    long offers = daemon.counter("dhcp.sent.offer");
    long files = sent("pxelinux.0");
    long start = System.nanoTime();
    powerOn(2, QemuNode.Firmware.BIOS);
    while (sent("pxelinux.0") == files && System.nanoTime() - start < FIRMWARE.toNanos()) {
      Thread.sleep(50);
    }
    assertThat(sent("pxelinux.0")).isGreaterThan(files);
    System.out.printf(
        "power-on to loader: %.1f s, with %d offers%n",
        (System.nanoTime() - start) / 1e9, daemon.counter("dhcp.sent.offer") - offers);
  }

  private long sent(String file) throws Exception {
    return daemon.log().lines().filter(line -> line.contains("tftp: sent " + file)).count();
  }

  @Test
  void uefi_asks_for_the_loader_of_uefi_and_for_no_other() throws Exception {
    needsOvmf();
    startDaemon("[dhcp]\nboot-file-uefi-x64 = \"syslinux.efi\"\n");
    awaitFrom(1, QemuNode.Firmware.UEFI, "tftp: sent syslinux.efi");
    assertThat(daemon.log()).doesNotContain("pxelinux.0", "\tat ");
  }

  @Test
  void a_pc_gets_its_address_from_another_server_on_this_machine_and_its_loader_from_us()
      throws Exception {
    startOtherServer();
    startDaemon(
        "[dhcp]\nmode = \"proxy\"\nboot-file = \"pxelinux.0\"\nboot-file-uefi-x64 = \"syslinux.efi\"\n");
    awaitFrom(1, QemuNode.Firmware.BIOS, "tftp: sent pxelinux.0");
    bothHaveDoneTheirPart();
  }

  @Test
  void uefi_gets_its_address_from_another_server_and_its_loader_from_us() throws Exception {
    needsOvmf();
    startOtherServer();
    startDaemon(
        "[dhcp]\nmode = \"proxy\"\nboot-file = \"pxelinux.0\"\nboot-file-uefi-x64 = \"syslinux.efi\"\n");
    awaitFrom(1, QemuNode.Firmware.UEFI, "tftp: sent syslinux.efi");
    bothHaveDoneTheirPart();
  }

  private void bothHaveDoneTheirPart() throws Exception {
    assertThat(Files.readString(otherLog())).contains("DHCPACK(br0) 10.11.12.5");
    assertThat(daemon.log())
        .containsPattern("dhcp: 10\\.11\\.12\\.5[0-9] is krgnode5[0-9]")
        .doesNotContain("offered", "\tat ");
    assertThat(daemon.counter("dhcp.sent.offer")).isPositive();
    assertThat(daemon.counter("dhcp.malformed", 0)).isZero();
  }

  private Path otherLog() {
    return directory.resolve("dnsmasq.log");
  }

  /** With bind-interfaces it shares its port. */
  private void startOtherServer() throws Exception {
    assumeTrue(Shell.has("dnsmasq"), "SKIPPED: `dnsmasq` is missing (package dnsmasq-base)");
    List<String> command = new ArrayList<>(Shell.in(lab.network.namespace()).prefix());
    command.addAll(
        List.of(
            "dnsmasq",
            "--no-daemon",
            "--conf-file=/dev/null",
            "--port=0",
            "--bind-interfaces",
            "--interface=" + LabNetwork.BRIDGE,
            "--except-interface=lo",
            "--no-ping",
            "--dhcp-range=10.11.12.50,10.11.12.59",
            "--dhcp-leasefile=" + directory.resolve("dnsmasq.leases")));
    other =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(otherLog().toFile())
            .start();
    for (int i = 0; i < 300 && !Files.readString(otherLog()).contains("DHCP, IP range"); i++) {
      assertThat(other.isAlive()).as("dnsmasq runs: " + Files.readString(otherLog())).isTrue();
      Thread.sleep(100);
    }
  }
}
