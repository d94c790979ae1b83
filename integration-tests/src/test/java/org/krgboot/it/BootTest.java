package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.RootRecipe;
import org.krgboot.lab.LabException;
import org.krgboot.lab.QemuNode;
import org.krgboot.lab.SerialConsole;

/**
 * The main job, for real: a machine without a disk boots by PXE from the daemon, mounts its root by
 * NFSv3, logs in, works on its root, does not notice that the daemon is killed, and boots again.
 */
class BootTest {
  private static final Duration COMMAND = Duration.ofMinutes(3);
  private static final int BIG_MIB = 256;

  @TempDir Path directory;
  private NodeLab lab;
  private QemuNode node;

  @BeforeEach
  void start() throws Exception {
    lab = NodeLab.make("node-root", RootRecipe.Size.SMALL, directory, 1);
    node = lab.powerOn(QemuNode.Nic.VIRTIO);
  }

  @AfterEach
  void stop() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void a_node_boots_uses_its_root_outlives_the_daemon_and_boots_again() throws Exception {
    SerialConsole console = node.console();
    assertThat(console.login("root", NodeLab.PASSWORD, NodeLab.BOOT)).isEqualTo("krgnode101");
    says(console, "hostname", "krgnode101");
    says(console, "grep ' / ' /proc/mounts", "nfs rw,", "vers=3", "proto=tcp", "addr=10.11.12.1");
    says(console, "systemctl --failed --no-legend | wc -l", "0");
    worksOnItsRoot(console);
    goesThroughThePosixCases(console);
    installsAPackage(console);
    readsABigFileWhileTheDaemonIsKilled(console);
    assertThat(lab.daemon.ask("nodes").output())
        .containsPattern("krgnode101 +10\\.11\\.12\\.101 +" + node.machine().mac() + " +up");
    System.out.println(memory());

    console.send("reboot");
    assertThat(console.login("root", NodeLab.PASSWORD, NodeLab.BOOT)).isEqualTo("krgnode101");
    says(console, "krgboot-it-hello; cat /var/tmp/it/greeting", "hello from a package", "moved");
    says(console, "grep -h IPV4ADDR /run/net-*.conf", "10.11.12.101");
    assertThat(lab.daemon.log()).contains("10.11.12.101 is krgnode101").doesNotContain("\tat ");
    assertThat(lab.daemon.counter("nfs.malformed")).isZero();
  }

  private static void says(SerialConsole console, String command, String... wanted)
      throws LabException {
    SerialConsole.Ran ran = console.run(command, COMMAND);
    for (String text : wanted) {
      assertThat(ran.output()).as(command).contains(text);
    }
    assertThat(ran.status()).as("status of: %s\n%s", command, ran.output()).isZero();
  }

  private void worksOnItsRoot(SerialConsole console) throws Exception {
    says(console, "mkdir -p /var/tmp/it && cd /var/tmp/it && rm -rf * && echo made");
    says(console, "touch file && stat -c '%s %U' file", "0 root");
    says(
        console,
        "mknod null c 1 3 && echo gone > null && stat -c '%F %t,%T' null",
        "character special file 1,3");
    says(console, "mknod disk b 8 1 && stat -c '%F' disk", "block special file");
    says(console, "mkfifo pipe && (echo through > pipe &) && cat pipe", "through");
    says(
        console,
        "perl -MSocket -e 'socket(S,AF_UNIX,SOCK_STREAM,0); bind(S,sockaddr_un(q(sock))) or die' && test -S sock");
    says(
        console,
        "ln file hard && stat -c %h file && ln -s hard soft && readlink soft",
        "2",
        "hard");
    says(console, "chown 1000:1000 file && chmod 4711 file && stat -c '%a %u' hard", "4711 1000");
    // A file that is open when another takes its name stays readable: what dpkg does all day.
    says(
        console,
        "echo moved > new && echo old > greeting && exec 7< greeting && mv new greeting && cat <&7 && cat greeting && exec 7<&-",
        "old",
        "moved");
    says(
        console,
        "dd if=/dev/urandom of=rnd bs=64k count=64 conv=fsync status=none && sync && cmp rnd rnd && wc -c < rnd",
        "4194304");
    Path onServer = lab.root.resolve("var/tmp/it");
    assertThat(Files.getAttribute(onServer.resolve("hard"), "unix:mode")).isEqualTo(0104711);
    assertThat(Files.getAttribute(onServer.resolve("hard"), "unix:uid")).isEqualTo(1000);
    assertThat(Files.size(onServer.resolve("rnd"))).isEqualTo(4_194_304);
    assertThat(Files.readSymbolicLink(onServer.resolve("soft"))).isEqualTo(Path.of("hard"));
  }

  /** By two mounts that share no cache, and by the server itself. */
  private void goesThroughThePosixCases(SerialConsole console) throws Exception {
    Path onServer = Files.createDirectories(lab.root.resolve("var/tmp/posix"));
    try (InputStream script = BootTest.class.getResourceAsStream("/posix-cases.sh")) {
      Files.write(lab.root.resolve("var/tmp/posix-cases.sh"), script.readAllBytes());
    }
    says(
        console,
        "mkdir -p /mnt/other && mount -i -t nfs -o vers=3,proto=tcp,mountproto=tcp,nolock,noac,nosharecache,"
            + "addr=10.11.12.1 10.11.12.1:"
            + onServer
            + " /mnt/other && echo mounted-again",
        "mounted-again");
    SerialConsole.Ran ran =
        console.run("sh /var/tmp/posix-cases.sh /var/tmp/posix /mnt/other 2>&1", COMMAND);
    assertThat(ran.output()).contains("cases 27").doesNotContain("not ok");
    assertThat(ran.output().lines().filter(line -> line.startsWith("ok "))).hasSize(27);

    Path seen = Files.writeString(onServer.resolve("seen"), "first");
    says(console, "cat /var/tmp/posix/seen /mnt/other/seen", "firstfirst");
    Files.writeString(seen, "second and longer");
    says(console, "stat -c %s /mnt/other/seen; cat /var/tmp/posix/seen", "17", "second and longer");
    Files.delete(seen);
    says(console, "test ! -e /mnt/other/seen && umount /mnt/other && echo gone", "gone");
  }

  private void installsAPackage(SerialConsole console) throws Exception {
    Path build = Files.createDirectories(directory.resolve("deb/DEBIAN"));
    Files.writeString(
        build.resolve("control"),
        "Package: krgboot-it\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: test\n");
    Path program = directory.resolve("deb/usr/bin/krgboot-it-hello");
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\necho hello from a package\n");
    program.toFile().setExecutable(true, false);
    Shell.onThisHost()
        .must(
            "dpkg-deb",
            "--root-owner-group",
            "--build",
            directory.resolve("deb").toString(),
            lab.root.resolve("var/tmp/krgboot-it.deb").toString());
    says(console, "dpkg -i /var/tmp/krgboot-it.deb && krgboot-it-hello", "hello from a package");
  }

  private void readsABigFileWhileTheDaemonIsKilled(SerialConsole console) throws Exception {
    String sum = writeBigFile(lab.root.resolve("var/tmp/it/big"));
    console.send(
        "(dd bs=1M count=16 status=none; printf 'half-%s\\n' way >&2; dd bs=1M status=none)"
            + " < /var/tmp/it/big | sha256sum; printf 'read-%s\\n' done");
    console.expect("half-way\n", COMMAND);
    lab.daemon.kill();
    assertThat(console.text()).as("killed in the middle of the read").doesNotContain("read-done");
    lab.daemon.start();
    console.expect(sum, COMMAND);
    console.expect("read-done\n", COMMAND);
  }

  /** Random bytes, in the server's own file system; the SHA-256 in hex. */
  private static String writeBigFile(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Random random = new Random(7);
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < BIG_MIB; i++) {
        random.nextBytes(block);
        digest.update(block);
        out.write(block);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private String memory() throws IOException {
    return "the daemon's memory: "
        + Files.readAllLines(Path.of("/proc/" + lab.daemon.pid() + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
            .map(line -> line.replaceAll("\\s+", " "))
            .toList();
  }
}
