package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.model.Subnet;

/** Boot entries, and who boots which. */
class BootEntriesTest {
  private static final Ipv4 OWN = Ipv4.parse("10.11.12.1");
  private static final List<HostInterface> MACHINE =
      List.of(new HostInterface("eth1", OWN, Subnet.around(OWN, 24), HostInterface.Kind.NETWORK));

  @TempDir Path directory;

  private Settings settings(String toml) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("whole.toml"),
            toml + "[tftp]\nroot = '%s'\n".formatted(directory.resolve("tftp")));
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    return SettingsReader.read(raw, problems, MACHINE);
  }

  @Test
  void boot_entries_are_read_with_who_boots_what() throws Exception {
    BootPlan plan =
        settings(
                """
                [boot]
                target = "debian"
                menu-timeout = 5
                [[boot.entry]]
                name = "debian"
                title = "Debian installer"
                kernel = "debian/linux"
                initrd = ["debian/initrd.gz"]
                append = "quiet"
                arch = ["bios", "uefi-x64"]
                [[boot.node]]
                nodes = "krgnode[101-104]"
                target = "local"
                menu-timeout = 0
                """)
            .bootPlan();
    assertThat(plan.usual()).isEqualTo(new BootMenu.Pick("debian", 5));
    assertThat(plan.programs())
        .containsExactly(
            new BootTarget.Program(
                "debian",
                "Debian installer",
                "debian/linux",
                List.of("debian/initrd.gz"),
                "quiet",
                Set.of(BootTarget.Platform.BIOS, BootTarget.Platform.UEFI_X64)));
    assertThat(
            plan.of(
                new NodeRange.Identity(
                    Optional.of(new NodeName("krgnode102")),
                    MacAddress.parse("52:54:00:12:34:56"),
                    Optional.empty())))
        .isEqualTo(new BootMenu.Pick("local", 0));
  }

  @Test
  void mistakes_in_boot_entries_are_told_with_their_line_and_what_is_near() {
    assertThatThrownBy(() ->
            settings(
                """
                [boot]
                target = "lokal"
                menu-timeout = 9999
                [[boot.entry]]
                name = "debian"
                kernel = "/abs"
                [[boot.entry]]
                name = "mem"
                kernel = "memtest.bin"
                kernl = "x"
                arch = "arm"
                [[boot.entry]]
                name = "shell"
                kernel = "shell.efi"
                [[boot.node]]
                nodes = "krg["
                target = "shel"
                [[boot.node]]
                target = "shell"
                """))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("whole.toml:2: boot.target: there is no boot target 'lokal'. Did you")
        .hasMessageContaining("whole.toml:3: boot.menu-timeout: '9999'")
        .hasMessageContaining("whole.toml:4: boot entry: the file '/abs' of debian")
        .hasMessageContaining("Did you mean 'kernel'?")
        .hasMessageContaining("'arm' is none of bios, uefi-x64, uefi-arm64")
        .hasMessageContaining("krg[")
        .hasMessageContaining("Did you mean 'shell'?")
        .hasMessageContaining("needs nodes");
  }
}
