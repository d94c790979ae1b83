package org.krgboot.bootfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.krgboot.bootfiles.BootTarget.Platform;
import org.krgboot.bootfiles.BootTarget.Program;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree.Answer;
import org.krgboot.model.BootFileTree.Why;

/** Several things to boot, for each boot loader, with and without a menu. */
class BootMenuTest extends BootFilesFixture {
  private static final Program MEMTEST =
      new Program("memtest", "Memory test", "memtest.bin", List.of(), "", Set.of(Platform.BIOS));
  private static final Program SHELL =
      new Program(
          "shell", "UEFI shell", "tools/shell.efi", List.of(), "", Set.of(Platform.UEFI_X64));
  private static final Program INSTALLER =
      new Program(
          "debian",
          "Debian installer",
          "debian/linux",
          List.of("debian/initrd.gz", "debian/firmware.cpio.gz"),
          "vga=normal; quiet",
          EnumSet.allOf(Platform.class));

  private BootMenu.Pick pick = new BootMenu.Pick("diskless", 0);

  private BootFiles files() {
    return new BootFiles(
            List.of(tftp), List.of(loaders, loaders.resolve("efi64")), entry(), _ -> owner, names)
        .offering(BootMenu.of(List.of(MEMTEST, SHELL, INSTALLER), _ -> pick));
  }

  private String get(String name) throws IOException {
    return switch (files().open(name, NODE)) {
      case Answer.Found(BootFile file) -> text(file);
      case Answer.Refused refused -> refused.toString();
    };
  }

  private void kernel() throws IOException {
    write(root.resolve("boot/vmlinuz-6.1"), "kernel");
  }

  @Test
  void a_node_has_a_kernel_and_words_of_its_own_behind_those_of_all() throws Exception {
    kernel();
    write(root.resolve("boot/vmlinux-2.6.20-krg"), "kernel");
    write(root.resolve("boot/initrd.img-2.6.20-krg"), "initrd");
    pick =
        new BootMenu.Pick(
            "diskless", 0, Optional.of("vmlinux-2.6.20-krg"), Optional.empty(), "session_id=2");
    assertThat(get(DEFAULT))
        .contains("LINUX boot/vmlinux-2.6.20-krg\n", "INITRD boot/initrd.img-2.6.20-krg\n")
        .contains(" session_id=2\n");
    assertThat(get("boot.ipxe")).contains("vmlinux-2.6.20-krg", " session_id=2");
    pick = new BootMenu.Pick("diskless", 0, Optional.of("gone"), Optional.empty(), "");
    assertThat(get(DEFAULT)).contains("NOTHING_TO_BOOT", "no kernel gone in");
    pick = new BootMenu.Pick("diskless", 0, Optional.empty(), Optional.empty(), "x".repeat(2000));
    assertThat(get(DEFAULT)).contains("NOTHING_TO_BOOT", "octets too long");
  }

  @Test
  void pxelinux_boots_the_target_and_has_the_others_for_who_types_their_name() throws Exception {
    kernel();
    pick = new BootMenu.Pick("debian", 0);
    assertThat(get(DEFAULT))
        .startsWith("DEFAULT debian\nPROMPT 0\nTIMEOUT 0\n\nLABEL diskless\n  LINUX boot/vmlinuz")
        .endsWith(
            """

            LABEL local
              LOCALBOOT 0

            LABEL memtest
              LINUX memtest.bin

            LABEL debian
              LINUX debian/linux
              INITRD debian/initrd.gz,debian/firmware.cpio.gz
              APPEND vga=normal; quiet
            """);
    assertThat(get("efi64/" + DEFAULT)).contains("LABEL debian").doesNotContain("memtest", "shell");
  }

  @Test
  void pxelinux_shows_menu_c32_where_it_is_and_asks_at_its_prompt_where_not() throws Exception {
    kernel();
    pick = new BootMenu.Pick("local", 5);
    assertThat(get(DEFAULT))
        .contains("DEFAULT local\nPROMPT 1\nTIMEOUT 50\n", "SAY memtest - Memory test\n")
        .doesNotContain("MENU");
    write(loaders.resolve("menu.c32"), "menu");
    write(loaders.resolve("libutil.c32"), "library");
    assertThat(get(DEFAULT))
        .startsWith("UI menu.c32\nMENU TITLE krgboot\nDEFAULT local\nPROMPT 0\nTIMEOUT 50\n")
        .contains("LABEL memtest\n  MENU LABEL Memory test\n  LINUX memtest.bin\n")
        .doesNotContain("SAY");
    assertThat(get("efi64/" + DEFAULT)).as("that is the one for BIOS").contains("PROMPT 1");
  }

  @Test
  void pxelinux_boots_what_is_there_where_its_machine_cannot_run_the_target() throws Exception {
    kernel();
    pick = new BootMenu.Pick("shell", 0);
    assertThat(get(DEFAULT))
        .startsWith(
            """
            DEFAULT diskless
            PROMPT 0
            TIMEOUT 0
            SAY shell is not for this machine, which boots diskless

            LABEL diskless
            """);
    pick = new BootMenu.Pick("memtest", 0);
    assertThat(get(DEFAULT)).startsWith("DEFAULT memtest\n").doesNotContain("SAY");
    assertThat(get("efi64/" + DEFAULT))
        .startsWith("DEFAULT diskless\n")
        .contains("SAY memtest is not for this machine, which boots diskless\n");
    Files.delete(root.resolve("boot/vmlinuz-6.1"));
    assertThat(get("efi64/" + DEFAULT)).startsWith("DEFAULT local\n");
  }

  @Test
  void ipxe_boots_the_target() throws Exception {
    kernel();
    pick = new BootMenu.Pick("local", 0);
    assertThat(get("boot.ipxe"))
        .isEqualTo(
            "#!ipxe\niseq ${platform} efi && exit 1 ||\n"
                + "sanboot --no-describe --drive 0x80 || exit\n");
    pick = new BootMenu.Pick("debian", 0);
    assertThat(get("boot.ipxe"))
        .isEqualTo(
            """
            #!ipxe
            kernel debian/linux initrd=initrd.gz initrd=firmware.cpio.gz vga=normal; quiet
            initrd debian/initrd.gz
            initrd debian/firmware.cpio.gz
            boot
            """);
  }

  @Test
  void ipxe_shows_its_menu_with_what_this_machine_can_run() throws Exception {
    kernel();
    pick = new BootMenu.Pick("diskless", 3);
    assertThat(get("boot.ipxe"))
        .startsWith(
            """
            #!ipxe
            menu krgboot || goto diskless
            item diskless Node root over NFS
            item local Local disk
            iseq ${platform}-${buildarch} pcbios-i386 && item memtest Memory test ||
            iseq ${platform}-${buildarch} efi-x86_64 && item shell UEFI shell ||
            iseq ${platform}-${buildarch} pcbios-i386 && item debian Debian installer ||
            iseq ${platform}-${buildarch} efi-x86_64 && item debian Debian installer ||
            iseq ${platform}-${buildarch} efi-arm64 && item debian Debian installer ||
            choose --default diskless --timeout 3000 target || set target diskless
            goto ${target}
            :diskless
            kernel boot/vmlinuz-6.1 ip=dhcp\
            """)
        .contains("\n:local\n", "\n:memtest\nkernel memtest.bin\nboot\n:shell\n");
  }

  @Test
  void grub_has_all_entries_and_shows_them_for_the_menus_time() throws Exception {
    kernel();
    pick = new BootMenu.Pick("shell", 7);
    assertThat(get("grub/grub.cfg"))
        .startsWith(
            "set timeout=7\nset default=shell\nmenuentry 'Node root over NFS' --id diskless")
        .endsWith(
            """
            menuentry 'Local disk' --id local {
              if [ $grub_platform = pc ]; then
                set root=hd0
                chainloader +1
                boot
              fi
              for file in /EFI/BOOT/BOOTX64.EFI /EFI/BOOT/BOOTAA64.EFI /EFI/debian/shimx64.efi \
            /EFI/debian/grubx64.efi /EFI/debian/shimaa64.efi /EFI/debian/grubaa64.efi \
            /EFI/Microsoft/Boot/bootmgfw.efi; do
                if search --no-floppy --file $file --set=root; then
                  chainloader $file
                  boot
                fi
              done
              exit
            }
            if [ $grub_cpu-$grub_platform = i386-pc ]; then
            menuentry 'Memory test' --id memtest {
              linux /memtest.bin
            }
            fi
            if [ $grub_cpu-$grub_platform = x86_64-efi ]; then
            menuentry 'UEFI shell' --id shell {
              chainloader /tools/shell.efi
            }
            fi
            if [ $grub_cpu-$grub_platform = i386-pc -o $grub_cpu-$grub_platform = x86_64-efi -o \
            $grub_cpu-$grub_platform = arm64-efi ]; then
            menuentry 'Debian installer' --id debian {
              linux /debian/linux vga=normal\\; quiet
              initrd /debian/initrd.gz /debian/firmware.cpio.gz
            }
            fi
            """);
  }

  @Test
  void without_a_kernel_in_the_root_the_other_targets_still_boot() throws Exception {
    assertThat(files().open("boot.ipxe", NODE))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Why.NOTHING_TO_BOOT));
    pick = new BootMenu.Pick("memtest", 9);
    assertThat(get("boot.ipxe")).contains(":memtest").doesNotContain("diskless");
    assertThat(get(DEFAULT)).contains("LABEL memtest").doesNotContain("diskless");
    assertThat(get("grub/grub.cfg")).contains("--id memtest").doesNotContain("diskless");
  }

  @Test
  void a_target_that_is_no_more_gives_way_to_the_node_root() throws Exception {
    kernel();
    pick = new BootMenu.Pick("gone", 0);
    assertThat(get(DEFAULT)).startsWith("DEFAULT diskless\n");
  }

  @Test
  void a_uefi_loader_finds_the_users_files_beside_its_directory_but_no_modules_of_bios()
      throws Exception {
    write(tftp.resolve("debian/linux"), "kernel");
    write(tftp.resolve("menu.c32"), "for bios");
    assertThat(get("efi64/debian/linux")).isEqualTo("kernel");
    assertThat(get("efi64/menu.c32")).contains("NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource({
    "debian, OTHER, debian/firmware.cpio.gz, true",
    "debian, KERNEL, debian/linux, false",
    "debian, OTHER, /efi64/debian/firmware.cpio.gz, true",
    "memtest, OTHER, memtest.bin, true",
    "local, CONFIG, boot.ipxe, true",
    "local, CONFIG, pxelinux.cfg/default, true",
    "local, CONFIG, grub/grub.cfg, true",
    "local, CONFIG, own.cfg, false",
    "local, LOADER, pxelinux.0, false",
    "diskless, KERNEL, boot/vmlinuz-6.1, false",
    "diskless, KERNEL, debian/linux, false",
    "diskless, CONFIG, boot.ipxe, false"
  })
  void a_target_is_done_when_its_last_file_was_sent(
      String target, BootFile.Role role, String file, boolean done) {
    BootMenu menu = BootMenu.of(List.of(MEMTEST, INSTALLER), _ -> pick);
    assertThat(BootFiles.isDoneBy(menu.target(target).orElseThrow(), role, file)).isEqualTo(done);
  }

  @ParameterizedTest
  @CsvSource({
    "local, t, k, neither diskless nor local",
    "UP, t, k, the name 'UP'",
    "a b, t, k, the name",
    "ok, it^s, k, the title",
    "ok, t, /k, as nodes fetch it",
    "ok, t, ../k, as nodes fetch it",
    "ok, t, a b, as nodes fetch it",
    "ok, t, '', as nodes fetch it"
  })
  void what_a_boot_loader_would_misread_is_refused(
      String name, String title, String kernel, String why) {
    Set<Platform> all = EnumSet.allOf(Platform.class);
    assertThatThrownBy(() -> new Program(name, title, kernel, List.of(), "", all))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
    assertThatThrownBy(() -> new Program("ok", "t", "k", List.of(), "a\nb", all))
        .hasMessageContaining("one line");
    assertThatThrownBy(() -> new Program("ok", "t", "k", List.of(), "", Set.of()))
        .hasMessageContaining("no machine");
  }
}
