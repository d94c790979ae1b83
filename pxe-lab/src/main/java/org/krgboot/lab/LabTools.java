package org.krgboot.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a lab needs of the machine. */
public final class LabTools {
  /** Programs and files a lab cannot do without, and the Debian packages that have them. */
  private static final Map<String, String> PACKAGES =
      Map.of(
          "qemu-system-x86_64", "qemu-system-x86",
          "ip", "iproute2",
          "/usr/lib/ipxe/qemu/pxe-virtio.rom", "ipxe-qemu",
          "/usr/share/seabios/bios-256k.bin", "seabios");

  private LabTools() {}

  /** Names of Debian packages that a lab needs and this machine lacks. */
  public static List<String> missingPackages() {
    List<String> missing = new ArrayList<>();
    PACKAGES.forEach((file, debianPackage) -> {
      boolean there = file.startsWith("/") ? Files.exists(Path.of(file)) : find(file).isPresent();
      if (!there) {
        missing.add(debianPackage);
      }
    });
    return missing.stream().sorted().toList();
  }

  static Optional<Path> find(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Stream.of(path.split(":", -1)), Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** True if this process may make network namespaces and taps: root may. */
  public static boolean mayMakeNetworks() {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      return status.anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"))
          && Files.isReadable(Path.of("/dev/net/tun"));
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a short command and wants it to succeed. */
  static void run(List<String> command) throws LabException {
    String line = String.join(" ", command);
    try {
      List<String> found = new ArrayList<>(command);
      Path program =
          find(command.getFirst())
              .orElseThrow(() -> new LabException(command.getFirst() + " is not installed"));
      found.set(0, program.toString());
      Process process = new ProcessBuilder(found).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new LabException("'" + line + "' failed: " + output);
      }
    } catch (IOException e) {
      throw new LabException("'" + line + "' failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted in '" + line + "'", e);
    }
  }
}
