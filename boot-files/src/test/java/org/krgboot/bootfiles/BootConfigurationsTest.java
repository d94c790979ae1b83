package org.krgboot.bootfiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootFileTree.Answer;
import org.krgboot.model.BootFileTree.Why;
import org.krgboot.model.MacAddress;

/** What boot loaders get: configurations, their own files, names mapped and spelt otherwise. */
class BootConfigurationsTest extends BootFilesFixture {
  private static final String KERNEL = "boot/vmlinuz-6.1.0";
  private static final String LINE =
      "ip=dhcp root=/dev/nfs nfsroot=10.11.12.1:/NFSROOT/kerrighed,v3,tcp,rsize=1048576,wsize=1048576"
          + " rw session_id=1 autonodeid=1";

  private void kernel() throws IOException {
    write(root.resolve(KERNEL), "kernel");
    write(root.resolve("boot/initrd.img-6.1.0"), "initrd");
  }

  @Test
  void ipxe_gets_a_script_that_loads_kernel_and_initrd_from_where_the_script_was()
      throws Exception {
    kernel();
    assertThat(read("boot.ipxe"))
        .isEqualTo(
            "#!ipxe\nkernel boot/vmlinuz-6.1.0 initrd=initrd.img-6.1.0 "
                + LINE
                + "\ninitrd boot/initrd.img-6.1.0\nboot\n");
    write(tftp.resolve("boot.ipxe"), "#!ipxe\nshell\n");
    assertThat(read("boot.ipxe")).isEqualTo("#!ipxe\nshell\n");
  }

  @Test
  void ipxe_loads_pxelinux_where_the_user_has_pxelinux_files_for_the_node() throws Exception {
    kernel();
    owner = Optional.of(MacAddress.parse("52:54:00:12:34:56"));
    write(tftp.resolve("pxelinux.cfg/01-52-54-00-99-99-99"), "another node's");
    assertThat(read("boot.ipxe")).contains("kernel boot/vmlinuz");
    write(tftp.resolve(BY_MAC), "this node's");
    assertThat(read("boot.ipxe")).contains("chain pxelinux.0").doesNotContain("kernel ");
    Files.delete(tftp.resolve(BY_MAC));
    write(tftp.resolve(DEFAULT), "everybody's");
    assertThat(read("boot.ipxe")).contains("chain pxelinux.0");
  }

  @Test
  void grub_gets_a_configuration_unless_the_user_has_one() throws Exception {
    kernel();
    String config =
        "set timeout=0\nset default=diskless\nmenuentry 'Node root over NFS' --id diskless {\n  linux /boot/vmlinuz-6.1.0 "
            + LINE
            + "\n  initrd /boot/initrd.img-6.1.0\n}\n"
            + "menuentry 'Local disk' --id local {\n";
    assertThat(read("grub/grub.cfg")).startsWith(config);
    assertThat(read("/grub/x86_64-efi/grub.cfg")).startsWith(config);
    assertRefused("grub/grub.cfg-01-52-54-00-12-34-56", Why.NOT_FOUND);
    write(tftp.resolve("grub/grub.cfg"), "mine");
    assertThat(read("grub/grub.cfg")).isEqualTo("mine");
  }

  @Test
  void debians_grub_which_asks_by_no_name_of_the_node_gets_the_users_file_for_it()
      throws Exception {
    kernel();
    owner = Optional.of(MacAddress.parse("52:54:00:12:34:56"));
    String asked = "grub/grub.cfg";
    write(tftp.resolve("grub/grub.cfg-01-52-54-00-12-34-99"), "another node's");
    assertThat(read(asked)).contains("linux /boot/vmlinuz-6.1.0");
    write(tftp.resolve("grub/grub.cfg-0A0B"), "the network's");
    assertThat(read(asked)).isEqualTo("the network's");
    write(tftp.resolve(asked), "everybody's");
    assertThat(read(asked)).isEqualTo("the network's");
    write(tftp.resolve("grub/grub.cfg-01-52-54-00-12-34-56"), "source $prefix/grub.cfg-of-rack-7");
    assertThat(read(asked)).isEqualTo("source $prefix/grub.cfg-of-rack-7");
    assertThat(read("grub/x86_64-efi/grub.cfg")).isEqualTo("source $prefix/grub.cfg-of-rack-7");
    write(tftp.resolve("grub/x86_64-efi/grub.cfg"), "as it is asked for");
    assertThat(read("grub/x86_64-efi/grub.cfg")).isEqualTo("as it is asked for");
  }

  @Test
  void a_file_of_one_node_that_reads_the_common_one_does_not_get_itself() throws Exception {
    kernel();
    owner = Optional.of(MacAddress.parse("52:54:00:12:34:56"));
    String its = "grub/grub.cfg-01-52-54-00-12-34-56";
    write(tftp.resolve(its), "set timeout=9\nsource $prefix/grub.cfg\n");
    assertThat(read(its)).startsWith("set timeout=9");
    assertThat(read("grub/grub.cfg")).contains("linux /boot/vmlinuz-6.1.0");
    write(tftp.resolve("grub/grub.cfg"), "everybody's");
    assertThat(read("grub/grub.cfg")).isEqualTo("everybody's");
    assertThat(read("grub/arm64-efi/grub.cfg")).isEqualTo("everybody's");
  }

  @Test
  void each_boot_loader_asks_in_its_order() {
    Optional<MacAddress> mac = Optional.of(MacAddress.parse("52:54:00:12:34:56"));
    assertThat(BootLoader.PXELINUX.configurationNames(NODE, mac))
        .startsWith(BY_MAC, BY_ADDRESS, "pxelinux.cfg/0A0B0C6")
        .endsWith("pxelinux.cfg/0", DEFAULT);
    assertThat(BootLoader.GRUB.configurationNames(NODE, Optional.empty()))
        .startsWith("grub/grub.cfg-0A0B0C65")
        .endsWith("grub/grub.cfg");
    assertThat(BootLoader.IPXE.configurationNames(NODE, mac)).containsExactly("boot.ipxe");
  }

  @Test
  void a_loader_for_uefi_gets_its_own_modules_and_everything_else_from_where_it_is()
      throws Exception {
    kernel();
    Path bios = loaders.resolve("bios");
    Path efi = loaders.resolve("efi64");
    write(bios.resolve("menu.c32"), "for bios");
    write(efi.resolve("menu.c32"), "for uefi");
    write(efi.resolve("syslinux.efi"), "loader");
    BootFiles files = new BootFiles(List.of(tftp), List.of(bios, efi), entry(), _ -> owner, names);
    assertThat(text(files, "efi64/menu.c32")).isEqualTo("for uefi");
    assertThat(text(files, "menu.c32")).isEqualTo("for bios");
    assertThat(text(files, "efi64/syslinux.efi")).isEqualTo("loader");
    assertThat(text(files, "efi64/" + KERNEL)).isEqualTo("kernel");
    assertThat(text(files, "efi64/" + DEFAULT)).contains("LINUX boot/vmlinuz-6.1.0");
    write(tftp.resolve(DEFAULT), "mine");
    assertThat(text(files, "efi64/" + DEFAULT)).isEqualTo("mine");
  }

  @Test
  void what_is_rendered_for_a_loader_for_uefi_gives_way_to_the_users_files_below_its_directory()
      throws Exception {
    kernel();
    owner = Optional.of(MacAddress.parse("52:54:00:12:34:56"));
    write(tftp.resolve("efi64/" + DEFAULT), "mine");
    assertRefused("efi64/" + BY_MAC, Why.NOT_FOUND);
    assertRefused("efi64/" + BY_ADDRESS, Why.NOT_FOUND);
    assertThat(read("efi64/" + DEFAULT)).isEqualTo("mine");
    assertThat(read(BY_MAC)).as("that is for BIOS").contains("LINUX boot/vmlinuz-6.1.0");
    assertThat(read("boot.ipxe"))
        .startsWith("#!ipxe\n#")
        .contains(
            """
            iseq ${platform}-${buildarch} efi-x86_64 || goto OTHERS
            set 210:string tftp://${next-server}/efi64/
            chain efi64/syslinux.efi
            :OTHERS
            kernel boot/vmlinuz-6.1.0 initrd=\
            """)
        .doesNotContain("pxelinux.0");
    Files.delete(root.resolve(KERNEL));
    assertThat(read("boot.ipxe")).contains("chain pxelinux.0", "chain efi64/syslinux.efi");
  }

  private static String text(BootFiles files, String name) throws IOException {
    return text(((Answer.Found) files.open(name, NODE)).file());
  }

  @Test
  void signed_loaders_are_found_under_the_names_that_firmware_asks_for() throws Exception {
    write(loaders.resolve("shimx64.efi.signed"), "shim");
    write(loaders.resolve("grubnetx64.efi.signed"), "grub");
    assertThat(read("shimx64.efi")).isEqualTo("shim");
    assertThat(read("grubx64.efi")).isEqualTo("grub");
    write(loaders.resolve("grubx64.efi"), "the user's");
    assertThat(read("grubx64.efi")).isEqualTo("the user's");
  }

  @Test
  void firmware_that_writes_in_capitals_finds_the_file_if_there_is_only_one() throws Exception {
    write(tftp.resolve("Boot/Loader.efi"), "one");
    assertThat(read("\\BOOT\\LOADER.EFI")).isEqualTo("one");
    write(tftp.resolve("Boot/LOADER.Efi"), "two");
    assertRefused("boot/loader.efi", Why.NOT_FOUND);
    assertThat(read("Boot/LOADER.Efi")).isEqualTo("two");
  }

  @Test
  void the_first_root_that_has_a_name_wins() throws Exception {
    Path other = Files.createDirectories(here.resolve("other"));
    write(other.resolve("both"), "other");
    write(other.resolve("only"), "other");
    write(tftp.resolve("both"), "first");
    BootFiles files = new BootFiles(List.of(tftp, other), List.of(), entry(), _ -> owner, names);
    assertThat(text(files, "both")).isEqualTo("first");
    assertThat(text(files, "only")).isEqualTo("other");
  }

  @Test
  void a_node_gets_nothing_from_the_directory_of_another() throws Exception {
    write(tftp.resolve("10.11.12.102/key"), "another's");
    write(tftp.resolve("52-54-00-12-34-aa/key"), "another's");
    write(tftp.resolve("10.11.12.101/key"), "its own");
    assertThat(read("10.11.12.102/key")).isEqualTo("another's");
    names = new BootFiles.Names(RemapRules.NONE, NodeDirectories.BY_ADDRESS);
    assertRefused("10.11.12.102/key", Why.FORBIDDEN);
    assertRefused("/.//10.11.12.102//key", Why.FORBIDDEN);
    assertRefused("efi64/10.11.12.102/key", Why.FORBIDDEN);
    assertRefused("\\EFI32\\10.11.12.102\\key", Why.NOT_FOUND);
    assertRefused("efi64/efi64/10.11.12.102/key", Why.NOT_FOUND);
    assertThat(read("10.11.12.101/key")).isEqualTo("its own");
    names = new BootFiles.Names(RemapRules.NONE, NodeDirectories.BY_MAC);
    assertRefused("52-54-00-12-34-aa/key", Why.FORBIDDEN);
    assertRefused("52-54-00-12-34-AA/key", Why.FORBIDDEN);
    assertRefused("efi32/52-54-00-12-34-aa/key", Why.FORBIDDEN);
    assertRefused("efi64/52-54-00-12-34-AA/KEY", Why.FORBIDDEN);
    RemapRules added =
        ((RemapRules.Parsed.Rules) RemapRules.parse("r ^all/ efi64/52-54-00-12-34-aa/\n")).rules();
    names = new BootFiles.Names(added, NodeDirectories.BY_MAC);
    assertRefused("all/key", Why.FORBIDDEN);
  }

  @Test
  void a_node_with_a_directory_of_its_own_gets_its_files_from_there_first() throws Exception {
    kernel();
    write(tftp.resolve("a"), "everybody's");
    write(tftp.resolve("10.11.12.101/a"), "by address");
    write(tftp.resolve("52-54-00-12-34-56/a"), "by mac");
    assertThat(read("a")).isEqualTo("everybody's");
    names = new BootFiles.Names(RemapRules.NONE, NodeDirectories.BY_ADDRESS);
    assertThat(read("a")).isEqualTo("by address");
    names = new BootFiles.Names(RemapRules.NONE, NodeDirectories.BY_MAC);
    assertThat(read("a")).isEqualTo("everybody's");
    owner = Optional.of(MacAddress.parse("52:54:00:12:34:56"));
    assertThat(read("a")).isEqualTo("by mac");
    assertThat(read(BY_ADDRESS)).contains("LINUX");
    write(tftp.resolve("52-54-00-12-34-56/" + DEFAULT), "its own");
    assertRefused(BY_ADDRESS, Why.NOT_FOUND);
    assertThat(read(DEFAULT)).isEqualTo("its own");
  }

  @Test
  void names_are_mapped_before_they_are_looked_for_and_do_not_leave_the_jail_by_it()
      throws Exception {
    write(tftp.resolve("b"), "b");
    write(here.resolve("secret"), "secret");
    RemapRules rules =
        ((RemapRules.Parsed.Rules) RemapRules.parse("r ^a$ b\nr ^up$ ../secret\na ^never\n"))
            .rules();
    names = new BootFiles.Names(rules, NodeDirectories.NONE);
    assertThat(read("a")).isEqualTo("b");
    assertRefused("up", Why.FORBIDDEN);
    assertRefused("never", Why.FORBIDDEN);
  }
}
