package org.krgboot.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs of Debian packages that must not be installed on the machine that tests, because they
 * would start a service there: unpacked below a directory of this run.
 */
record DebianPackages(Path root) {

  /** Fetches and unpacks them, or skips the test and says why. Installs nothing. */
  static DebianPackages unpack(Path directory, String... packages) throws Exception {
    assumeTrue(
        Shell.has("apt-get") && Shell.has("dpkg"), "SKIPPED: `apt-get` or `dpkg` is missing");
    Path fetched = Files.createDirectories(directory.resolve("debs"));
    List<String> script = new ArrayList<>(List.of("sh", "-c", "cd $0 && apt-get -qq download $@"));
    script.add(fetched.toString());
    script.addAll(List.of(packages));
    Shell.Result got = Shell.onThisHost().run(script.toArray(String[]::new));
    assumeTrue(
        got.status() == 0,
        "SKIPPED: no network or package lists? apt-get download "
            + String.join(" ", packages)
            + ": "
            + got.output());
    Path root = Files.createDirectories(directory.resolve("unpacked"));
    try (Stream<Path> files = Files.list(fetched)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".deb")).toList()) {
        Shell.onThisHost().must("dpkg", "-x", file.toString(), root.toString());
      }
    }
    return new DebianPackages(root);
  }

  /** A program, wherever its package puts it. */
  Path program(String name) throws Exception {
    for (String place : List.of("usr/sbin", "sbin", "usr/bin", "bin")) {
      Path program = root.resolve(place).resolve(name);
      if (Files.isExecutable(program) && !Files.isSymbolicLink(program)) {
        return program;
      }
    }
    throw new AssertionError("no " + name + " below " + root);
  }

  /** Where the packages' libraries are, for LD_LIBRARY_PATH. */
  String libraries() throws Exception {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> file.getFileName().toString().contains(".so."))
          .map(file -> file.getParent().toString())
          .distinct()
          .collect(Collectors.joining(":"));
    }
  }
}
