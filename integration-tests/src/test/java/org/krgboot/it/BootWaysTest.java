package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.RootRecipe;
import org.krgboot.lab.QemuNode;

/** The ways to boot that are not the default one, each up to the node's prompt. */
@Tag("nightly")
class BootWaysTest {
  @TempDir Path directory;

  private String logOfABoot(QemuNode.Firmware firmware, String toml) throws Exception {
    try (NodeLab lab = NodeLab.make("node-root", RootRecipe.Size.SMALL, directory, 1, toml)) {
      QemuNode node = lab.powerOn(QemuNode.Nic.VIRTIO, firmware);
      assertThat(node.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT))
          .isEqualTo("krgnode101");
      return lab.daemon.log();
    }
  }

  @Test
  void a_bios_boots_by_pxelinux_over_tftp() throws Exception {
    assertThat(
            logOfABoot(
                QemuNode.Firmware.BIOS, "[dhcp]\nboot-file = \"pxelinux.0\"\n[http]\nport = 0\n"))
        .contains("tftp: sent pxelinux.0", "tftp: sent boot/vmlinuz")
        .doesNotContain("http: sent");
  }

  @Test
  void a_bios_boots_by_lpxelinux_over_http() throws Exception {
    assertThat(logOfABoot(QemuNode.Firmware.BIOS, "[dhcp]\nboot-file = \"lpxelinux.0\"\n"))
        .contains("tftp: sent lpxelinux.0", "http: sent ldlinux.c32", "http: sent boot/vmlinuz");
  }

  @Test
  void an_ipxe_rom_boots_by_the_users_own_pxelinux_files() throws Exception {
    Path files = Files.createDirectories(directory.resolve("tftp/pxelinux.cfg"));
    Files.writeString(files.resolve("default"), "DEFAULT menu\nLABEL menu\n  CONFIG own\n");
    try (NodeLab lab = NodeLab.make("node-root", RootRecipe.Size.SMALL, directory, 1, "")) {
      String line = "ip=dhcp root=/dev/nfs nfsroot=10.11.12.1:" + lab.root + ",v3,tcp rw";
      String kernel = only(lab.root, "vmlinuz-");
      String initrd = only(lab.root, "initrd.img-");
      Files.writeString(
          directory.resolve("tftp/own"),
          "DEFAULT own\nLABEL own\n  LINUX boot/%s\n  INITRD boot/%s\n  APPEND %s net.ifnames=0 console=ttyS0,115200\n"
              .formatted(kernel, initrd, line));
      QemuNode node = lab.powerOn(QemuNode.Nic.VIRTIO);
      assertThat(node.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT))
          .isEqualTo("krgnode101");
      assertThat(lab.daemon.log())
          .contains("http: sent boot.ipxe", "sent own", "sent boot/vmlinuz");
    }
  }

  private static String only(Path root, String begin) throws Exception {
    try (var boot = Files.list(root.resolve("boot"))) {
      return boot.map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(begin))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void uefi_boots_by_ipxe_over_http() throws Exception {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
    FirmwareLab.needs("/usr/lib/ipxe/snponly.efi", "ipxe");
    assertThat(logOfABoot(QemuNode.Firmware.UEFI, ""))
        .contains("tftp: sent snponly.efi", "http: sent boot.ipxe", "http: sent boot/vmlinuz");
  }

  /** Without TFTP the firmware's PXE fails, and it goes on to the next of its own ways: HTTP. */
  @Test
  void uefi_firmware_boots_by_http_itself() throws Exception {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
    FirmwareLab.needs("/usr/lib/ipxe/snponly.efi", "ipxe");
    assertThat(
            logOfABoot(QemuNode.Firmware.UEFI, "[server]\nonly = [\"dhcp\", \"http\", \"nfs\"]\n"))
        .containsSubsequence(
            "(HTTPClient)", "http: sent snponly.efi", "http: sent boot.ipxe", "http: sent boot/vml")
        .doesNotContain("tftp: sent");
  }

  @Test
  void uefi_boots_by_syslinux_over_tftp() throws Exception {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
    FirmwareLab.needs("/usr/lib/SYSLINUX.EFI/efi64/syslinux.efi", "syslinux-efi");
    assertThat(
            logOfABoot(
                QemuNode.Firmware.UEFI, "[dhcp]\nboot-file-uefi-x64 = \"efi64/syslinux.efi\"\n"))
        .contains("tftp: sent efi64/syslinux.efi", "tftp: sent efi64/boot/vmlinuz");
  }

  @Test
  void uefi_boots_by_signed_shim_and_grub() throws Exception {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
    FirmwareLab.needs("/usr/lib/shim/shimx64.efi.signed", "shim-signed");
    FirmwareLab.needs(
        "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed", "grub-efi-amd64-signed");
    assertThat(logOfABoot(QemuNode.Firmware.UEFI, "[dhcp]\nboot-file-uefi-x64 = \"shimx64.efi\"\n"))
        .contains("sent shimx64.efi", "grub.cfg", "boot/vmlinuz");
  }
}
