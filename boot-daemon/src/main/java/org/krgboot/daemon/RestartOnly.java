package org.krgboot.daemon;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.dhcp.DhcpListen;
import org.krgboot.http.HttpConfig;
import org.krgboot.nfs.NfsConfig;
import org.krgboot.settings.Settings;
import org.krgboot.tftp.TftpConfig;

/** What holds from the start of the daemon to its end: sockets, files that are open, sizes. */
final class RestartOnly {
  /** A setting, by its key, or several that become one thing. */
  private record Fixed(String key, Function<Settings, Object> value) {}

  private static final List<Fixed> ALL =
      List.of(
          new Fixed("server.only", Settings::services),
          new Fixed("server.interface and server.listen", Settings::server),
          new Fixed("server.state-dir", Settings::stateDirectory),
          dhcp("dhcp.port", dhcp -> dhcp.listen().port()),
          dhcp("the interfaces of dhcp.network", RestartOnly::interfaces),
          dhcp("dhcp.mode", Settings.Dhcp::mode),
          dhcp("dhcp.key", dhcp -> dhcp.config().policy().key()),
          dhcp("dhcp.lease-history", Settings.Dhcp::historyKept),
          dhcp("dhcp.answer-router-solicitations", Settings.Dhcp::solicitationsOn),
          tftp("tftp.port", TftpConfig::port),
          tftp("tftp.max-block-size", TftpConfig::maxBlockSize),
          tftp("tftp.max-window", TftpConfig::maxWindow),
          tftp("tftp.max-transfers", TftpConfig::maxTransfers),
          tftp("tftp.dscp", TftpConfig::dscp),
          new Fixed("http.port", settings -> settings.http().map(HttpConfig::port)),
          new Fixed(
              "http.certificate, http.key and http.tls-port",
              settings -> settings.http().flatMap(HttpConfig::tls)),
          new Fixed("the limits of [http]", settings -> settings.http().map(HttpConfig::limits)),
          new Fixed("[status]", Settings::status),
          nfs("nfs.port", NfsConfig::nfsPort),
          nfs("nfs.mount-port", NfsConfig::mountPort),
          nfs("nfs.portmap-port", NfsConfig::portmapPort),
          nfs("the limits of [nfs]", NfsConfig::limits),
          new Fixed("the addresses that the servers listen on", RestartOnly::addresses));

  private RestartOnly() {}

  /** The keys that the other settings have otherwise. */
  static List<String> changed(Settings now, Settings next) {
    return ALL.stream()
        .filter(fixed -> !Objects.equals(fixed.value().apply(now), fixed.value().apply(next)))
        .map(Fixed::key)
        .toList();
  }

  private static List<Optional<String>> interfaces(Settings.Dhcp dhcp) {
    return dhcp.listen().links().stream().map(DhcpListen.Link::interfaceName).toList();
  }

  private static List<Object> addresses(Settings settings) {
    return List.of(
        settings.dhcp().map(dhcp -> dhcp.listen().links()),
        settings.tftp().map(TftpConfig::listen),
        settings.http().map(HttpConfig::listen),
        settings.nfs().map(nfs -> nfs.config().listen()));
  }

  private static Fixed dhcp(String key, Function<Settings.Dhcp, Object> value) {
    return new Fixed(key, settings -> settings.dhcp().map(value));
  }

  private static Fixed tftp(String key, Function<TftpConfig, Object> value) {
    return new Fixed(key, settings -> settings.tftp().map(value));
  }

  private static Fixed nfs(String key, Function<NfsConfig, Object> value) {
    return new Fixed(key, settings -> settings.nfs().map(Settings.Nfs::config).map(value));
  }
}
