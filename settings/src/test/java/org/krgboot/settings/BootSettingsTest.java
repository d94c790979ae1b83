package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.dhcp.Architecture;
import org.krgboot.dhcp.BootChoice;
import org.krgboot.dhcp.Octets;
import org.krgboot.dhcp.OptionValue;
import org.krgboot.dhcp.Policy;
import org.krgboot.dhcp.ScopeOptions;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** Boot files by architecture, options by name and number, proxy mode, rapid commit. */
class BootSettingsTest {
  private static final Ipv4 OWN = Ipv4.parse("10.11.12.1");
  private static final List<HostInterface> MACHINE =
      List.of(new HostInterface("eth1", OWN, Subnet.around(OWN, 24), HostInterface.Kind.NETWORK));

  @TempDir Path directory;

  private Settings.Dhcp read(String toml) throws Exception {
    String places =
        "[tftp]\nroot = '%s'\nloaders = ['%s']\n".formatted(directory.resolve("tftp"), loaders());
    Path file = Files.writeString(directory.resolve("krgboot.toml"), toml + places);
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    return SettingsReader.read(raw, problems, MACHINE).dhcp().orElseThrow();
  }

  private Path loaders() throws Exception {
    Path loaders = Files.createDirectories(directory.resolve("loaders"));
    for (String name : List.of("pxelinux.0", "lpxelinux.0", "syslinux.efi")) {
      Files.writeString(loaders.resolve(name), name);
    }
    return loaders;
  }

  private ScopeOptions scope(String toml) throws Exception {
    return read(toml).config().networks().getFirst().options().scope();
  }

  private String refusal(String toml) throws Exception {
    try {
      read(toml);
    } catch (SettingsException e) {
      return e.getMessage();
    }
    throw new AssertionError("it was accepted");
  }

  private static OptionValue option(int code, String hex) {
    return new OptionValue(code, Octets.parse("0x" + hex));
  }

  @Test
  void each_network_hears_of_our_address_on_it() throws Exception {
    Ipv4 second = Ipv4.parse("10.22.0.1");
    Path root = Files.createDirectories(directory.resolve("node/boot")).getParent();
    Files.writeString(root.resolve("boot/vmlinuz-6.1"), "kernel");
    Path file =
        Files.writeString(
            directory.resolve("krgboot.toml"),
            """
            [nfs]
            root = '%s'
            [tftp]
            root = '%s'
            loaders = ['%s']
            [[dhcp.network]]
            subnet = "10.11.12.0/24"
            [[dhcp.network]]
            subnet = "10.22.0.0/24"
            """
                .formatted(root, directory.resolve("tftp"), loaders()));
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    List<HostInterface> machine =
        List.of(
            MACHINE.getFirst(),
            new HostInterface(
                "eth2", second, Subnet.around(second, 24), HostInterface.Kind.NETWORK));
    Settings settings = SettingsReader.read(raw, problems, machine);
    assertThat(settings.dhcp().orElseThrow().config().networks())
        .extracting(network -> network.options().scope().boot().httpBase().orElseThrow())
        .containsExactly("http://10.11.12.1/", "http://10.22.0.1/");
    assertThat(script(settings, "10.11.12.7")).contains("nfsroot=10.11.12.1:" + root);
    assertThat(script(settings, "10.22.0.7")).contains("nfsroot=10.22.0.1:" + root);
  }

  private static String script(Settings settings, String node) throws Exception {
    var answer = settings.bootFiles(_ -> Optional.empty()).open("boot.ipxe", Ipv4.parse(node));
    try (BootFile script = ((BootFileTree.Answer.Found) answer).file()) {
      ByteBuffer bytes = ByteBuffer.allocate((int) script.size());
      script.read(bytes, 0);
      return new String(bytes.array(), StandardCharsets.UTF_8);
    }
  }

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
  void a_certificate_without_an_http_port_is_not_dropped_silently() {
    assertThatThrownBy(() -> settings("[http]\nport = 0\ncertificate = '/c.pem'\nkey = '/k.pem'\n"))
        .hasMessageContaining("whole.toml:2: http.port 0 leaves out HTTPS too");
  }

  @Test
  void a_loader_in_another_root_counts_too() throws Exception {
    Path more = Files.createDirectories(directory.resolve("more"));
    Files.writeString(more.resolve("snponly.efi"), "loader");
    String toml =
        "[tftp]\nroot = '%s'\nmore-roots = ['%s']\nloaders = ['%s']\n"
            .formatted(directory.resolve("tftp"), more, loaders());
    Path file = Files.writeString(directory.resolve("more.toml"), toml);
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    assertThat(
            SettingsReader.read(raw, problems, MACHINE)
                .dhcp()
                .orElseThrow()
                .config()
                .networks()
                .getFirst()
                .options()
                .scope()
                .boot()
                .toString())
        .contains("snponly.efi");
  }

  @Test
  void without_http_pcs_get_pxelinux_and_uefi_gets_syslinux() throws Exception {
    assertThat(scope("[http]\nport = 0\n").boot())
        .isEqualTo(
            new BootChoice(
                Optional.of("pxelinux.0"),
                Map.of(Architecture.UEFI_X64, "efi64/syslinux.efi"),
                Optional.of("boot.ipxe"),
                Optional.empty()));
  }

  @Test
  void without_settings_nodes_go_on_by_http() throws Exception {
    assertThat(scope("").boot())
        .isEqualTo(
            new BootChoice(
                Optional.of("lpxelinux.0"),
                Map.of(Architecture.UEFI_X64, "efi64/syslinux.efi"),
                Optional.of("http://10.11.12.1/boot.ipxe"),
                Optional.of("http://10.11.12.1/")));
  }

  @Test
  void boot_files_are_said_by_architecture_and_for_ipxe() throws Exception {
    BootChoice boot =
        scope(
                """
                [dhcp]
                boot-file = "lpxelinux.0"
                boot-file-uefi-ia32 = "efi32/syslinux.efi"
                boot-file-uefi-arm64 = "grubaa64.efi"
                boot-file-ipxe = "http://10.11.12.1/boot.ipxe"
                http-boot-url = "http://10.11.12.1/"
                """)
            .boot();
    assertThat(boot.file()).contains("lpxelinux.0");
    assertThat(boot.files())
        .containsOnly(
            Map.entry(Architecture.UEFI_X64, "efi64/syslinux.efi"),
            Map.entry(Architecture.UEFI_IA32, "efi32/syslinux.efi"),
            Map.entry(Architecture.UEFI_ARM64, "grubaa64.efi"));
    assertThat(boot.ipxe()).contains("http://10.11.12.1/boot.ipxe");
    assertThat(boot.httpBase()).contains("http://10.11.12.1/");
  }

  @Test
  void a_boot_file_that_would_loop_is_refused_with_its_place() throws Exception {
    assertThat(refusal("[dhcp]\nboot-file = \"undionly.kpxe\"\n")).contains("say what iPXE gets");
    assertThat(refusal("[dhcp]\nboot-file-ipxe = \"ipxe.efi\"\n")).contains("give it a script");
    assertThat(refusal("[dhcp]\nhttp-boot-url = \"10.11.12.1\"\n")).contains("is not a URL");
    assertThat(refusal("[dhcp]\nboot-file-uefi-x86 = \"a\"\n"))
        .contains("Did you mean 'dhcp.boot-file-uefi-x64'?");
  }

  @Test
  void options_are_said_by_name_or_by_number_and_type() throws Exception {
    List<OptionValue> options =
        scope(
                """
                [dhcp.options]
                ntp-servers = ["10.11.12.1", "10.11.12.2"]
                interface-mtu = 6144
                domain-search = ["a.b"]
                classless-static-routes = "0.0.0.0/0 10.11.12.254"
                130 = { type = "text", value = "x", always = true }
                131 = { type = "boolean", value = true }
                43 = { type = "encapsulated", value = { 6 = { type = "uint8", value = 8 } } }
                ipxe = { 177 = { type = "text", value = "b" } }
                tz-posix = { value = "CET", always = true }
                """)
            .extra();
    assertThat(options)
        .containsExactlyInAnyOrder(
            option(42, "0a0b0c010a0b0c02"),
            option(26, "1800"),
            option(119, "0161016200"),
            option(121, "000a0b0cfe"),
            option(130, "78").sent(OptionValue.Sent.ALWAYS),
            option(131, "01"),
            option(43, "060108"),
            option(175, "b10162"),
            option(100, "434554").sent(OptionValue.Sent.ALWAYS));
  }

  @Test
  void options_that_cannot_go_out_are_told_with_their_lines_all_at_once() throws Exception {
    assertThat(
            refusal(
                """
                [dhcp.options]
                ntp-server = "10.11.12.1"
                interface-mtu = 70000
                222 = "x"
                223 = { value = "x" }
                224 = { type = "txt", value = "x" }
                225 = { type = "text" }
                226 = { type = "text", value = "x", allways = true }
                51 = { type = "uint32", value = 5 }
                42 = "10.11.12.1"
                ntp-servers = "10.11.12.1"
                ipxe = { abc = 1 }
                300 = { type = "text", value = "x" }
                """))
        .contains("krgboot.toml:2: unknown option 'ntp-server'. Did you mean 'ntp-servers'?")
        .contains("krgboot.toml:3: option interface-mtu: '70000' is not of type uint16")
        .contains("krgboot.toml:4: option 222: it has no known type; write it as { type = \"text\"")
        .contains("krgboot.toml:5: option 223: it needs a type, one of ip, ip-list")
        .contains("krgboot.toml:6: option 224: 'txt' is no type; it is one of ip, ip-list")
        .contains("krgboot.toml:7: option 225: it needs a value")
        .contains("krgboot.toml:8: option 226: unknown [allways]")
        .contains("krgboot.toml:9: option 51: option 51 is the server's own")
        .contains("it is there twice, by name and by number")
        .contains("krgboot.toml:12: option ipxe: within it, write 'abc' as a number")
        .contains("krgboot.toml:13: option 300: an option has a number from 1 to 254, not 300");
    assertThat(refusal("[dhcp]\noptions = 3\n")).contains("options is a table");
  }

  @Test
  void each_scope_has_options_and_boot_files_of_its_own() throws Exception {
    Settings.Dhcp dhcp =
        read(
            """
            [[dhcp.class]]
            name = "uefi"
            architecture = 7
            boot-file = "shimx64.efi"
            options = { 130 = { type = "uint8", value = 7 } }
            [[host]]
            mac = "52:54:00:12:34:56"
            boot-file-uefi-x64 = "grubx64.efi"
            [host.options]
            wpad-url = "http://x/"
            """);
    ScopeOptions ofClass = dhcp.config().classes().getFirst().options();
    assertThat(ofClass.boot()).isEqualTo(BootChoice.of("shimx64.efi"));
    assertThat(ofClass.extra()).containsExactly(option(130, "07"));
    ScopeOptions ofHost = dhcp.config().hosts().getFirst().options();
    assertThat(ofHost.boot().files()).containsEntry(Architecture.UEFI_X64, "grubx64.efi");
    assertThat(ofHost.extra()).containsExactly(option(252, "687474703a2f2f782f"));
  }

  @Test
  void addresses_are_ours_to_give_unless_the_mode_is_proxy() throws Exception {
    assertThat(read("").mode()).isEqualTo(Settings.DhcpMode.FULL);
    assertThat(read("[dhcp]\nmode = \"proxy\"\n").mode()).isEqualTo(Settings.DhcpMode.PROXY);
    assertThat(refusal("[dhcp]\nmode = \"both\"\n")).contains("neither full nor proxy");
    assertThat(refusal("[dhcp]\nmode = \"proxy\"\nrange = \"10.11.12.5-10.11.12.9\"\n"))
        .contains("krgboot.toml:3: in proxy mode another DHCP server gives the addresses");
  }

  @Test
  void an_address_is_committed_at_once_only_if_that_is_said() throws Exception {
    assertThat(read("").config().policy().commit()).isEqualTo(Policy.Commit.AFTER_AN_OFFER);
    assertThat(read("[dhcp]\nrapid-commit = true\n").config().policy().commit())
        .isEqualTo(Policy.Commit.RAPID);
  }

  @Test
  void an_address_is_pinged_before_it_is_offered_unless_that_is_switched_off() throws Exception {
    assertThat(read("").config().policy().probing()).isEqualTo(Policy.Probing.PING);
    assertThat(read("[dhcp]\nping-check = false\n").config().policy().probing())
        .isEqualTo(Policy.Probing.NONE);
  }
}
