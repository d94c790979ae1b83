package org.krgboot.settings;

import static org.krgboot.settings.SettingKey.*;

import java.nio.file.Path;
import java.util.Optional;
import org.krgboot.http.HttpConfig;
import org.krgboot.model.Ipv4;

/** The part of the settings that HTTP boot needs. */
final class HttpSettings {
  private final RawSettings raw;
  private final Problems problems;

  HttpSettings(RawSettings raw, Problems problems) {
    this.raw = raw;
    this.problems = problems;
  }

  /** Empty if HTTP is switched off by port 0. */
  Optional<HttpConfig> read(Ipv4 server) {
    int port = raw.get(HTTP_PORT, SettingParsers::port).orElse(Defaults.HTTP_PORT);
    Optional<HttpConfig.Tls> tls = tls();
    if (port == 0 && tls.isPresent()) {
      problems.add(
          raw.placeOf(HTTP_PORT),
          "http.port 0 leaves out HTTPS too, which is served beside HTTP only; give it a port, or"
              + " leave out http.certificate and http.key");
    }
    return port == 0
        ? Optional.empty()
        : Optional.of(new HttpConfig(server, port, tls, HttpConfig.Limits.DEFAULTS));
  }

  private Optional<HttpConfig.Tls> tls() {
    Optional<Path> certificate = raw.get(HTTP_CERTIFICATE, SettingParsers::absolutePath);
    Optional<Path> key = raw.get(HTTP_KEY, SettingParsers::absolutePath);
    int port = raw.get(HTTP_TLS_PORT, SettingParsers::port).orElse(Defaults.HTTP_TLS_PORT);
    if (certificate.isPresent() != key.isPresent()) {
      problems.add(
          raw.placeOf(certificate.isPresent() ? HTTP_CERTIFICATE : HTTP_KEY),
          "http.certificate and http.key belong together; give both, or none");
    }
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new HttpConfig.Tls(port, certificate.get(), key.get()))
        : Optional.empty();
  }
}
