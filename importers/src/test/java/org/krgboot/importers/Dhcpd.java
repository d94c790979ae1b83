package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * ISC's dhcpd, installed or unpacked from its Debian package, which only ever checks files here.
 */
final class Dhcpd {
  private static final Path INSTALLED = Path.of("/usr/sbin/dhcpd");
  private static final Optional<Path> PROGRAM = find();

  private Dhcpd() {}

  static Optional<Path> program() {
    return PROGRAM;
  }

  private static Optional<Path> find() {
    if (Files.isExecutable(INSTALLED)) {
      return Optional.of(INSTALLED);
    }
    try {
      Path directory = Files.createTempDirectory("krgboot-dhcpd");
      String fetch =
          "apt-get -q download isc-dhcp-server >/dev/null 2>&1 && dpkg -x isc-dhcp-server_*.deb .";
      if (run(directory, List.of("sh", "-c", fetch)).code() != 0) {
        return Optional.empty();
      }
      return Optional.of(directory.resolve("usr/sbin/dhcpd")).filter(Files::isExecutable);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** How a program ended, and what it said. */
  record Ended(int code, String said) {}

  private static Ended run(Path directory, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Ended(-1, said);
      }
      return new Ended(process.exitValue(), said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ended(-1, "interrupted");
    }
  }

  /** What {@code dhcpd -t} says of a file, empty if it accepts it. */
  static Optional<String> refusal(Path program, Path directory, String text) throws IOException {
    Path file =
        Files.writeString(directory.resolve("dhcpd.conf"), text, StandardCharsets.ISO_8859_1);
    Path leases = directory.resolve("dhcpd.leases");
    if (!Files.exists(leases)) {
      Files.createFile(leases);
    }
    List<String> command =
        new ArrayList<>(
            List.of(program.toString(), "-t", "-cf", file.toString(), "-lf", leases.toString()));
    Ended ended = run(directory, command);
    assertThat(ended.code()).isNotEqualTo(-1);
    return ended.code() == 0 ? Optional.empty() : Optional.of(ended.said());
  }
}
