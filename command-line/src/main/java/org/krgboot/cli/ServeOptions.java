package org.krgboot.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.RawSettings;
import org.krgboot.settings.SettingKey;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsSource;
import picocli.CommandLine.Option;

/** The flags of {@code serve}, shared with {@code check}. Each wins over the file's key. */
final class ServeOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "configuration file (default: /etc/krgboot/krgboot.toml if it is there)")
  @Nullable Path config;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SERVER",
      description = "run only these servers: dhcp,tftp,http,nfs")
  @Nullable List<String> only;

  @Option(names = "--listen", paramLabel = "ADDR", description = "the address to serve on")
  @Nullable String listen;

  @Option(
      names = "--interface",
      paramLabel = "IF",
      description = "the boot network's interface (default: the only one with a private address)")
  @Nullable String interfaceName;

  @Option(
      names = "--range",
      paramLabel = "A-B",
      description = "addresses for nodes (default: .101 to .199)")
  @Nullable String range;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "the node root that is exported (default: /NFSROOT/kerrighed)")
  @Nullable String root;

  @Option(
      names = "--tftp-root",
      paramLabel = "DIR",
      description = "boot files of your own; they win over rendered ones (default: /srv/tftp)")
  @Nullable String tftpRoot;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "leases, events, keys and the control socket (default: /var/lib/krgboot and /run/krgboot)")
  @Nullable String stateDir;

  @Option(
      names = "--append",
      paramLabel = "TEXT",
      description = "added to the nodes' kernel command line")
  @Nullable String append;

  @Option(
      names = "--serial",
      paramLabel = "BAUD",
      description = "boot loader on the nodes' first serial port")
  @Nullable String serial;

  @Option(names = "--dhcp-port", paramLabel = "N", description = "default: 67")
  @Nullable String dhcpPort;

  @Option(names = "--tftp-port", paramLabel = "N", description = "default: 69")
  @Nullable String tftpPort;

  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = "default: 80; 0: no HTTP, nodes boot by TFTP alone")
  @Nullable String httpPort;

  @Option(names = "--nfs-port", paramLabel = "N", description = "default: 2049")
  @Nullable String nfsPort;

  @Option(
      names = "--mount-port",
      paramLabel = "N",
      description = "default: 627, where old kernels look without a portmapper")
  @Nullable String mountPort;

  @Option(
      names = "--portmap-port",
      paramLabel = "N",
      description = "default: 111; an rpcbind that has it is told our ports; 0: no portmapper")
  @Nullable String portmapPort;

  /** Files and flags together, checked against this machine. */
  Settings settings() throws SettingsException {
    SettingsSource source = source();
    return source.read(source.files());
  }

  /** Where they come from. */
  SettingsSource source() throws SettingsException {
    if (config != null && !Files.exists(config)) {
      throw new SettingsException(config + " cannot be read: it is not there");
    }
    return new SettingsSource(config != null ? config : Defaults.CONFIG_FILE, this::flags);
  }

  private void flags(RawSettings raw) {
    raw.flag(SettingKey.ONLY, "--only", only);
    raw.flag(SettingKey.LISTEN, "--listen", listen);
    raw.flag(SettingKey.INTERFACE, "--interface", interfaceName);
    raw.flag(SettingKey.DHCP_RANGE, "--range", range);
    raw.flag(SettingKey.NFS_ROOT, "--root", root);
    raw.flag(SettingKey.TFTP_ROOT, "--tftp-root", tftpRoot);
    raw.flag(SettingKey.STATE_DIR, "--state-dir", stateDir);
    raw.flag(SettingKey.BOOT_APPEND, "--append", append);
    raw.flag(SettingKey.BOOT_SERIAL, "--serial", serial);
    raw.flag(SettingKey.DHCP_PORT, "--dhcp-port", dhcpPort);
    raw.flag(SettingKey.TFTP_PORT, "--tftp-port", tftpPort);
    raw.flag(SettingKey.HTTP_PORT, "--http-port", httpPort);
    raw.flag(SettingKey.NFS_PORT, "--nfs-port", nfsPort);
    raw.flag(SettingKey.NFS_MOUNT_PORT, "--mount-port", mountPort);
    raw.flag(SettingKey.NFS_PORTMAP_PORT, "--portmap-port", portmapPort);
  }
}
