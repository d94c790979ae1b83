package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Network namespaces with wires between them, and the processes in them; gone when closed. */
final class Namespaces implements AutoCloseable {
  private static final String SUFFIX = "-" + ProcessHandle.current().pid();

  private final List<String> made = new ArrayList<>();
  private final List<Process> running = new ArrayList<>();

  /** Skips the test, and says why, where namespaces cannot be made. */
  Namespaces(String... names) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: needs root");
    assumeTool("ip");
    for (String name : names) {
      run("ip", "netns", "add", name + SUFFIX);
      made.add(name);
      run("ip", "-n", name + SUFFIX, "link", "set", "lo", "up");
    }
  }

  /** A wire between two namespaces; an end is {@code namespace interface}. */
  void wire(String one, String other) throws IOException {
    String[] a = one.split(" ", -1);
    String[] b = other.split(" ", -1);
    run(
        ("ip link add "
                + a[1]
                + " netns "
                + a[0]
                + SUFFIX
                + " type veth peer name "
                + b[1]
                + " netns "
                + b[0]
                + SUFFIX)
            .split(" ", -1));
    ip(a[0], "link set " + a[1] + " up");
    ip(b[0], "link set " + b[1] + " up");
  }

  /** Runs {@code ip} inside, with the words of the text; its output. */
  String ip(String namespace, String words) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "-n", namespace + SUFFIX));
    command.addAll(List.of(words.split(" ", -1)));
    return run(command.toArray(String[]::new));
  }

  /** Starts a program inside, for at most 3 min. */
  Process start(String namespace, String... command) throws IOException {
    List<String> whole =
        new ArrayList<>(List.of("ip", "netns", "exec", namespace + SUFFIX, "timeout", "180"));
    whole.addAll(List.of(command));
    Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
    running.add(process);
    return process;
  }

  /** Starts a server inside; see {@link ServerInNamespace}. */
  Process server(String namespace, List<String> javaOptions, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(javaOptions);
    command.add(ServerInNamespace.class.getName());
    command.addAll(List.of(arguments));
    return start(namespace, command.toArray(String[]::new));
  }

  /** Reads until a line has the text in it; that line. */
  static String awaitLine(Process process, String text) throws IOException {
    BufferedReader lines = process.inputReader();
    StringBuilder seen = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError("ended without '" + text + "':\n" + seen);
  }

  /** A dhclient that configures nothing; it ends with its first lease. */
  Process dhclient(String namespace, String nic, Path directory) throws IOException {
    assumeTool("dhclient");
    Path lease = directory.resolve(namespace + ".leases");
    return start(
        namespace,
        "dhclient",
        "-4",
        "-d",
        "-v",
        "-1",
        "-sf",
        "/bin/true",
        "-cf",
        "/dev/null",
        "-lf",
        lease.toString(),
        "-pf",
        directory.resolve(namespace + ".pid").toString(),
        nic);
  }

  /** A udhcpc that configures nothing. */
  Process udhcpc(String namespace, String nic, String... options) throws IOException {
    assumeTool("busybox");
    List<String> command =
        new ArrayList<>(List.of("busybox", "udhcpc", "-f", "-n", "-i", nic, "-s", "/bin/true"));
    command.addAll(List.of(options));
    return start(namespace, command.toArray(String[]::new));
  }

  /** Skips the test, and says why, where there is no such program. */
  static void assumeTool(String name) {
    assumeTrue(isInstalled(name), "skipped: needs the program '" + name + "'");
  }

  private static boolean isInstalled(String name) {
    return Stream.concat(
            Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"),
            Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)))
        .anyMatch(place -> Files.isExecutable(Path.of(place, name)));
  }

  /**
   * A server's program: as installed, else out of its Debian package, which is unpacked and not
   * installed, so that nothing is started on this machine. Skips the test if it cannot be had.
   */
  static String program(String name, String ofPackage, Path directory) throws IOException {
    if (isInstalled(name)) {
      return name;
    }
    assumeTool("apt-get");
    assumeTool("dpkg");
    try {
      run("sh", "-c", "cd $0 && apt-get -qq download $1", directory.toString(), ofPackage);
    } catch (AssertionError e) {
      assumeTrue(false, "skipped: no network or package lists? " + e.getMessage());
    }
    run("sh", "-c", "cd $0 && dpkg -x $1_*.deb unpacked", directory.toString(), ofPackage);
    return directory.resolve("unpacked/usr/sbin").resolve(name).toString();
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    try {
      assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return said;
  }

  @Override
  public void close() throws IOException {
    for (Process process : running) {
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    for (String name : made) {
      run("ip", "netns", "del", name + SUFFIX);
    }
  }
}
