package org.krgboot.importers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What came of importing texts, for tests. */
record Imported(Configuration configuration, Report report) {
  static Imported dhcpd(String text) {
    return of(Map.of(Format.DHCPD_CONF, text));
  }

  static Imported of(Map<Format, String> texts) {
    Importer importer =
        new Importer(
            path -> {
              throw new IOException("there is no such file");
            },
            name -> Optional.empty());
    texts.forEach((format, text) ->
        importer.read(format, format.toString(), text.getBytes(StandardCharsets.UTF_8)));
    Configuration configuration = importer.configuration();
    return new Imported(configuration, importer.report());
  }

  String toml() {
    return TomlWriter.write(configuration);
  }

  List<String> lines(Verdict verdict) {
    return report.lines().stream()
        .filter(line -> line.verdict() == verdict)
        .map(line -> line.place().line() + ": " + line.text())
        .toList();
  }
}
