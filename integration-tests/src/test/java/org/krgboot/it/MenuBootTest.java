package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.krgboot.lab.QemuNode;
import org.krgboot.lab.SerialConsole;

/**
 * The menus that nodes show, by real firmware and real boot loaders, read from the serial line: the
 * memory test that boots when the menu's time is over, the local disk that a person chooses, and
 * another system's installer.
 */
@Tag("nightly")
class MenuBootTest {
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final String UP = "\u001b[A";
  private static final String ENTER = "\r";
  private static final String FROM_DISK = "this is the local disk";

  /** The foot of the first question of Debian's installer, whichever that is. */
  private static final String INSTALLER_ASKS = "<Enter> activates buttons";

  /** Where BIOS and its loaders have no screen, SeaBIOS shows on the serial line what they draw. */
  private static final List<String> ALL_ON_THE_SERIAL_LINE = List.of("-machine", "graphics=off");

  private static final String ENTRIES =
      """
      [[boot.entry]]
      name = "memtest"
      title = "Memory test"
      kernel = "memtest86+x64.bin"
      append = "console=ttyS0,115200"
      arch = ["bios"]

      [[boot.entry]]
      name = "memtest-uefi"
      title = "Memory test for UEFI"
      kernel = "memtest86+x64.efi"
      append = "console=ttyS0,115200"
      arch = ["uefi-x64"]

      [[boot.entry]]
      name = "debian"
      title = "Debian installer"
      kernel = "debian/linux"
      initrd = ["debian/initrd.gz"]
      append = "priority=critical console=ttyS0,115200"
      """;

  @TempDir Path directory;
  private FirmwareLab lab;

  @BeforeEach
  void lay_the_wire() throws Exception {
    lab = FirmwareLab.make(directory);
    // Something that the menu can have for the node root; nobody chooses it here.
    Files.writeString(lab.root().resolve("boot/vmlinuz-6.1"), "kernel");
  }

  @AfterEach
  void clear() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  private void unpackMemtest() throws Exception {
    Path boot = DebianPackages.unpack(directory, "memtest86+").root().resolve("boot");
    for (String file : List.of("memtest86+x64.bin", "memtest86+x64.efi")) {
      Files.copy(boot.resolve(file), lab.tftp().resolve(file));
    }
  }

  private void unpackInstaller() throws Exception {
    Path images =
        DebianPackages.unpack(directory, "debian-installer-12-netboot-amd64")
            .root()
            .resolve("usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64");
    Files.createDirectories(lab.tftp().resolve("debian"));
    for (String file : List.of("linux", "initrd.gz")) {
      Files.copy(images.resolve(file), lab.tftp().resolve("debian").resolve(file));
    }
  }

  private SerialConsole powerOn(QemuNode.Firmware firmware, List<String> more) throws Exception {
    return lab.powerOn(1, firmware, QemuNode.Nic.VIRTIO, more).console();
  }

  /** The card first, then a disk whose boot sector says over the serial line that it runs. */
  private List<String> biosDisk(List<String> more) throws Exception {
    // cli; cld; ds = 0; si = the text; until a NUL: wait for the line (0x3fd), say a letter (0x3f8)
    byte[] code =
        HexFormat.of()
            .parseHex("fafc31c08ed8be407cac84c0741050bafd03eca82074fb58baf803eeebebf4ebfd");
    byte[] sector = new byte[512];
    System.arraycopy(code, 0, sector, 0, code.length);
    byte[] text = (FROM_DISK + "\r\n").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, sector, 0x40, text.length);
    sector[510] = 0x55;
    sector[511] = (byte) 0xaa;
    byte[] disk = new byte[1 << 20];
    System.arraycopy(sector, 0, disk, 0, sector.length);
    Path image = Files.write(directory.resolve("disk"), disk);
    return with(more, image.toString());
  }

  /** The card first, then a disk with a boot loader where firmware looks for it. */
  private List<String> uefiDisk() throws Exception {
    Path files = Files.createDirectories(directory.resolve("esp/EFI/BOOT"));
    Files.copy(
        Path.of("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed"),
        files.resolve("BOOTX64.EFI"));
    Path config = Files.createDirectories(directory.resolve("esp/EFI/debian"));
    Files.writeString(config.resolve("grub.cfg"), "echo " + FROM_DISK + "\nsleep 600\n");
    return with(List.of(), "fat:rw:" + directory.resolve("esp"));
  }

  private static List<String> with(List<String> more, String disk) {
    List<String> words = new ArrayList<>(more);
    words.addAll(
        List.of(
            "-global",
            "virtio-net-pci.bootindex=1",
            "-drive",
            "if=none,id=disk,format=raw,file=" + disk,
            "-device",
            "virtio-blk-pci,drive=disk,bootindex=2"));
    return words;
  }

  private static void needsSignedGrub() {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
    FirmwareLab.needs("/usr/lib/shim/shimx64.efi.signed", "shim-signed");
    FirmwareLab.needs(
        "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", "grub-efi-amd64-signed");
  }

  private static void showsTheMenu(SerialConsole console, String... titles) throws Exception {
    for (String title : titles) {
      console.expect(title, PATIENCE);
    }
  }

  @Test
  void pxelinux_shows_its_menu_and_boots_the_memory_test_or_the_disk() throws Exception {
    unpackMemtest();
    lab.start(
        "boot.target = \"memtest\"\nboot.menu-timeout = 20\n[dhcp]\nboot-file = \"pxelinux.0\"\n"
            + ENTRIES,
        "--serial",
        "115200");
    SerialConsole console = powerOn(QemuNode.Firmware.BIOS, biosDisk(List.of()));
    showsTheMenu(console, "krgboot", "Node root over NFS", "Local disk", "Memory test");
    console.type(UP + ENTER); // the disk stands above the default
    console.expect(FROM_DISK, PATIENCE);
    lab.powerOffTheLast();
    console = powerOn(QemuNode.Firmware.BIOS, List.of());
    showsTheMenu(console, "krgboot", "Memory test");
    console.expect("Memtest86+", PATIENCE);
  }

  @Test
  void ipxe_shows_its_menu_and_boots_the_memory_test_or_the_disk() throws Exception {
    unpackMemtest();
    lab.start("boot.target = \"memtest\"\nboot.menu-timeout = 20\n" + ENTRIES);
    SerialConsole console = powerOn(QemuNode.Firmware.BIOS, biosDisk(ALL_ON_THE_SERIAL_LINE));
    showsTheMenu(console, "krgboot", "Node root over NFS", "Local disk", "Memory test");
    console.type(UP + ENTER);
    console.expect(FROM_DISK, PATIENCE);
    lab.powerOffTheLast();
    console = powerOn(QemuNode.Firmware.BIOS, ALL_ON_THE_SERIAL_LINE);
    showsTheMenu(console, "krgboot", "Memory test");
    console.expect("Memtest86+", PATIENCE);
  }

  @Test
  void ipxe_of_uefi_shows_its_menu_and_boots_the_memory_test_or_the_disk() throws Exception {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
    FirmwareLab.needs("/usr/lib/ipxe/snponly.efi", "ipxe");
    FirmwareLab.needs(
        "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", "grub-efi-amd64-signed");
    unpackMemtest();
    // Without HTTP the firmware's own HTTP boot, which it tries before the disk, finds nothing.
    lab.start(
        "boot.target = \"memtest-uefi\"\nboot.menu-timeout = 20\n[http]\nport = 0\n" + ENTRIES);
    SerialConsole console = powerOn(QemuNode.Firmware.UEFI, uefiDisk());
    showsTheMenu(console, "krgboot", "Node root over NFS", "Local disk", "Memory test for UEFI");
    console.type(UP + ENTER);
    console.expect(FROM_DISK, PATIENCE);
    lab.powerOffTheLast();
    console = powerOn(QemuNode.Firmware.UEFI, List.of());
    showsTheMenu(console, "krgboot", "Memory test for UEFI");
    console.expect("Memtest86+", PATIENCE);
  }

  @Test
  void signed_grub_shows_its_menu_and_boots_the_memory_test_or_the_disk() throws Exception {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
    FirmwareLab.needs("/usr/lib/shim/shimx64.efi.signed", "shim-signed");
    FirmwareLab.needs(
        "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", "grub-efi-amd64-signed");
    unpackMemtest();
    lab.start(
        "boot.target = \"memtest-uefi\"\nboot.menu-timeout = 20\n"
            + "[dhcp]\nboot-file-uefi-x64 = \"shimx64.efi\"\n"
            + ENTRIES,
        "--serial",
        "115200");
    SerialConsole console = powerOn(QemuNode.Firmware.UEFI, uefiDisk());
    showsTheMenu(console, "Node root over NFS", "Local disk", "Memory test for UEFI");
    console.type(UP + ENTER);
    console.expect(FROM_DISK, PATIENCE);
    lab.powerOffTheLast();
    console = powerOn(QemuNode.Firmware.UEFI, List.of());
    showsTheMenu(console, "Memory test for UEFI");
    console.expect("Memtest86+", PATIENCE);
  }

  @Test
  void syslinux_of_uefi_shows_its_menu_and_boots_the_installer() throws Exception {
    FirmwareLab.needs("/usr/share/ovmf/OVMF.fd", "ovmf");
    FirmwareLab.needs("/usr/lib/SYSLINUX.EFI/efi64/syslinux.efi", "syslinux-efi");
    unpackInstaller();
    lab.start(
        "boot.target = \"debian\"\nboot.menu-timeout = 5\n"
            + "[dhcp]\nboot-file-uefi-x64 = \"efi64/syslinux.efi\"\n"
            + ENTRIES,
        "--serial",
        "115200");
    SerialConsole console = powerOn(QemuNode.Firmware.UEFI, List.of());
    showsTheMenu(console, "krgboot", "Node root over NFS", "Debian installer");
    console.expect(INSTALLER_ASKS, PATIENCE);
  }

  /** How another system's installer is loaded. */
  enum Loader {
    PXELINUX(QemuNode.Firmware.BIOS, "boot-file = \"pxelinux.0\""),
    IPXE(QemuNode.Firmware.BIOS, ""),
    GRUB(QemuNode.Firmware.UEFI, "boot-file-uefi-x64 = \"shimx64.efi\"");

    final QemuNode.Firmware firmware;
    final String setting;

    Loader(QemuNode.Firmware firmware, String setting) {
      this.firmware = firmware;
      this.setting = setting;
    }
  }

  @ParameterizedTest
  @EnumSource
  void another_systems_installer_boots_once_by_order(Loader loader) throws Exception {
    if (loader == Loader.GRUB) {
      needsSignedGrub();
    }
    unpackInstaller();
    TestDaemon daemon = lab.start("[dhcp]\n" + loader.setting + "\n" + ENTRIES);
    String node = "52:54:00:6b:00:01";
    assertThat(daemon.ask("boot", node, "debian", "--once").output()).contains("debian once");
    SerialConsole console = powerOn(loader.firmware, List.of());
    console.expect("Starting system log daemon", PATIENCE);
    console.expect(INSTALLER_ASKS, PATIENCE);
    assertThat(daemon.ask("nodes").output()).contains("krgnode101").doesNotContain("debian");
    assertThat(daemon.log())
        .containsPattern("sent /?debian/linux")
        .contains("krgnode101 operator: has booted debian, as it was told to do once");
  }
}
