package org.krgboot.settings;

import static org.krgboot.settings.SettingKey.*;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The part of the settings that the status page needs. */
final class StatusSettings {
  private final RawSettings raw;
  private final Problems problems;

  StatusSettings(RawSettings raw, Problems problems) {
    this.raw = raw;
    this.problems = problems;
  }

  /** Empty if it is switched off by port 0. */
  Optional<StatusConfig> read() {
    int port = raw.get(STATUS_PORT, SettingParsers::port).orElse(Defaults.STATUS_PORT);
    String address = raw.get(STATUS_LISTEN, SettingParsers::line).orElse(Defaults.STATUS_ADDRESS);
    StatusConfig config =
        new StatusConfig(
            address,
            port,
            port == Defaults.STATUS_PORT && address.equals(Defaults.STATUS_ADDRESS)
                ? StatusConfig.WhenTaken.LEAVE_OUT
                : StatusConfig.WhenTaken.DO_NOT_START,
            raw.get(STATUS_TOKEN_FILE, SettingParsers::absolutePath),
            tls(),
            raw.list(STATUS_HOSTS, SettingParsers::line).orElse(List.of()));
    if (config.port() == 0) {
      return Optional.empty();
    }
    if (!config.isLoopback() && (config.token().isEmpty() || config.tls().isEmpty())) {
      problems.add(
          raw.placeOf(STATUS_LISTEN),
          "status.listen "
              + address
              + " is beyond this machine; that takes status.token-file,"
              + " status.certificate and status.key");
    }
    return Optional.of(config);
  }

  private Optional<StatusConfig.Tls> tls() {
    Optional<Path> certificate = raw.get(STATUS_CERTIFICATE, SettingParsers::absolutePath);
    Optional<Path> key = raw.get(STATUS_KEY, SettingParsers::absolutePath);
    if (certificate.isPresent() != key.isPresent()) {
      problems.add(
          raw.placeOf(certificate.isPresent() ? STATUS_CERTIFICATE : STATUS_KEY),
          "status.certificate and status.key belong together; give both, or none");
    }
    return certificate.flatMap(c -> key.map(k -> new StatusConfig.Tls(c, k)));
  }
}
