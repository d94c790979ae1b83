package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

class StatusSettingsTest {
  @TempDir Path directory;

  private Settings read(String toml) throws Exception {
    Path file = Files.writeString(directory.resolve("krgboot.toml"), toml);
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readFile(file);
    return SettingsReader.read(
        raw,
        problems,
        List.of(
            new HostInterface(
                "eth1",
                Ipv4.parse("10.11.12.1"),
                Subnet.parse("10.11.12.0/24"),
                HostInterface.Kind.NETWORK)));
  }

  @Test
  void the_page_is_on_loopback_and_does_not_keep_the_daemon_from_starting() throws Exception {
    assertThat(read("").status())
        .contains(
            new StatusConfig(
                "127.0.0.1",
                8627,
                StatusConfig.WhenTaken.LEAVE_OUT,
                Optional.empty(),
                Optional.empty(),
                List.of()));
  }

  @Test
  void a_port_that_is_asked_for_is_had_and_port_0_switches_the_page_off() throws Exception {
    StatusConfig status = read("[status]\nport = 9000\n").status().orElseThrow();
    assertThat(status.port()).isEqualTo(9000);
    assertThat(status.whenTaken()).isEqualTo(StatusConfig.WhenTaken.DO_NOT_START);
    assertThat(read("[status]\nport = 0\n").status()).isEmpty();
  }

  @Test
  void beyond_this_machine_it_takes_a_token_and_a_certificate() throws Exception {
    assertThatThrownBy(() -> read("[status]\nlisten = \"10.11.12.1\"\n"))
        .hasMessage(
            "krgboot.toml:2: status.listen 10.11.12.1 is beyond this machine; that takes"
                + " status.token-file, status.certificate and status.key");
    StatusConfig status =
        read("""
        [status]
        listen = "10.11.12.1"
        token-file = "/t"
        certificate = "/c.pem"
        key = "/k.pem"
        hosts = ["boot.example.org"]
        """)
            .status()
            .orElseThrow();
    assertThat(status.token()).contains(Path.of("/t"));
    assertThat(status.tls()).contains(new StatusConfig.Tls(Path.of("/c.pem"), Path.of("/k.pem")));
    assertThat(status.hosts()).containsExactly("boot.example.org");
    assertThat(status.isLoopback()).isFalse();
  }

  @Test
  void half_a_certificate_is_told() {
    assertThatThrownBy(() -> read("[status]\nkey = \"/k.pem\"\n"))
        .hasMessageContaining("status.certificate and status.key belong together");
  }

  @Test
  void a_mistake_among_the_limits_of_tftp_is_told_too() {
    assertThatThrownBy(() -> read("[tftp]\ndscp = \"many\"\n"))
        .hasMessageContaining("krgboot.toml:2: tftp.dscp");
  }
}
