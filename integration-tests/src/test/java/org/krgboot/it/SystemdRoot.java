package org.krgboot.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.krgboot.lab.LabNetwork;

/**
 * A small Debian with systemd as its process 1, in namespaces: a machine to install packages on.
 */
final class SystemdRoot implements AutoCloseable {
  private static final Duration UP = Duration.ofMinutes(2);

  /** What dpkg, the resolver and the journal change on any machine at any installation. */
  private static final List<String> NOT_COMPARED =
      List.of(
          "/var/lib/dpkg",
          "/var/log",
          "/var/cache",
          "/run",
          "/tmp",
          "/dev",
          "/proc",
          "/sys",
          "/NFSROOT",
          "/etc/machine-id",
          "/var/lib/systemd",
          "/etc/resolv.conf",
          "/root");

  private final Path root;
  private final Process unshare;
  private final long pid;

  private SystemdRoot(Path root, Process unshare, long pid) {
    this.root = root;
    this.unshare = unshare;
    this.pid = pid;
  }

  /**
   * Makes the root, once a clone, and a copy of it to change; skips the test where that cannot be.
   *
   * @param nodeRoot seen as /NFSROOT/kerrighed
   */
  static SystemdRoot boot(LabNetwork network, Path directory, Path nodeRoot) throws Exception {
    Path root = directory.resolve("machine");
    Shell.onThisHost().must("cp", "-a", made().toString(), root.toString());
    Path script = directory.resolve("systemd-root.sh");
    try (var text = SystemdRoot.class.getResourceAsStream("systemd-root.sh")) {
      Files.copy(text, script);
    }
    List<String> command =
        new ArrayList<>(network.inside(List.of("unshare", "--pid", "--mount", "--uts")));
    command.addAll(
        List.of(
            "--ipc",
            "--cgroup",
            "--fork",
            "--kill-child",
            "bash",
            script.toString(),
            root.toString(),
            nodeRoot.toAbsolutePath().toString()));
    Process unshare =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("machine.log").toFile())
            .start();
    long end = System.nanoTime() + UP.toNanos();
    while (true) {
      if (!unshare.isAlive() || System.nanoTime() > end) {
        unshare.descendants().forEach(ProcessHandle::destroyForcibly);
        String log = Files.readString(directory.resolve("machine.log"));
        assumeTrue(false, "SKIPPED: systemd does not run in namespaces here: " + log);
      }
      var first = unshare.descendants().filter(SystemdRoot::isSystemd).findFirst();
      if (first.isPresent()) {
        SystemdRoot machine = new SystemdRoot(root, unshare, first.get().pid());
        if (machine
            .run("systemctl", "is-system-running")
            .output()
            .matches("(?s)(running|degraded)\\s.*")) {
          return machine;
        }
      }
      Thread.sleep(200);
    }
  }

  private static boolean isSystemd(ProcessHandle process) {
    return process.info().command().filter(command -> command.endsWith("/systemd")).isPresent();
  }

  private static Path made() throws Exception {
    Path root = Path.of("target", "systemd-root");
    if (!Files.exists(root.resolve("made"))) {
      Shell.onThisHost().must("rm", "-rf", root.toString());
      Process build =
          new ProcessBuilder(
                  "mmdebstrap",
                  "--variant=minbase",
                  "--include=systemd,systemd-sysv,iproute2",
                  "bookworm",
                  root.toString())
              .redirectErrorStream(true)
              .redirectOutput(Path.of("target", "systemd-root.log").toFile())
              .start();
      assumeTrue(build.waitFor() == 0, "SKIPPED: no Debian root; see target/systemd-root.log");
      Files.createFile(root.resolve("made"));
    }
    return root;
  }

  /** Runs a command there, as root, with a clean environment. */
  Shell.Result run(String... command) throws Exception {
    List<String> all = new ArrayList<>(inside());
    all.addAll(List.of(command));
    return Shell.onThisHost().run(all.toArray(String[]::new));
  }

  String must(String... command) throws Exception {
    List<String> all = new ArrayList<>(inside());
    all.addAll(List.of(command));
    return Shell.onThisHost().must(all.toArray(String[]::new));
  }

  private List<String> inside() {
    return List.of(
        "nsenter",
        "-t",
        "" + pid,
        "-a",
        "env",
        "-i",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "DEBIAN_FRONTEND=noninteractive");
  }

  /** Puts a file there. */
  void put(Path file, String where) throws Exception {
    Files.createDirectories(root.resolve(where).getParent());
    Files.copy(file, root.resolve(where));
  }

  /** All that there is, but for what any installation changes: type, mode, owner and content. */
  Map<String, String> files() throws Exception {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.toList()) {
        String name = "/" + root.relativize(file);
        if (NOT_COMPARED.stream()
            .noneMatch(left -> name.equals(left) || name.startsWith(left + "/"))) {
          all.put(name, describe(file));
        }
      }
    }
    return all;
  }

  private static String describe(Path file) throws Exception {
    PosixFileAttributes is =
        Files.readAttributes(
            file, PosixFileAttributes.class, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    String content =
        is.isSymbolicLink()
            ? Files.readSymbolicLink(file).toString()
            : is.isRegularFile() ? digest(Files.readAllBytes(file)) : "";
    return is.permissions() + " " + is.owner() + " " + content;
  }

  private static String digest(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Override
  public void close() throws Exception {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    unshare.waitFor();
    Shell.onThisHost().must("rm", "-rf", root.toString());
  }

  /** What the service said. */
  String log() throws Exception {
    return run("journalctl", "-u", "krgboot", "--no-pager").output();
  }
}
