package org.krgboot.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.krgboot.steps.BuildProgress;

/** A root that is made in no time: a shell with its libraries, and what a root must have. */
final class TinyRoot {
  private TinyRoot() {}

  static void assumePossible() {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: a root needs root");
    for (String tool : List.of("busybox", "unshare", "flock", "setpriv", "tar")) {
      assumeTrue(
          Host.real().find(tool).isPresent(),
          "SKIPPED: `" + tool + "` is missing (packages busybox, util-linux, tar)");
    }
  }

  static Path make(Path root) throws Exception {
    for (String directory :
        List.of(
            "bin", "sbin", "boot", "etc/ssh", "dev", "proc", "sys", "run", "tmp", "var/log",
            "root")) {
      Files.createDirectories(root.resolve(directory));
    }
    sh(
        root,
        """
        set -e
        busybox=$(command -v busybox)
        cp "$busybox" bin/busybox
        for each in sh cat touch chown sleep mkdir cp mv rm ls id test echo mount df; do
          ln -s busybox bin/$each
        done
        ldd "$busybox" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
          mkdir -p ".${library%/*}"; cp -L "$library" ".$library"
        done
        ln -s ../bin/busybox sbin/init
        mkdir -p lib/modules/6.1.0-1-amd64; : > lib/modules/6.1.0-1-amd64/modules.dep
        echo kernel > boot/vmlinuz-6.1.0-1-amd64; echo initrd > boot/initrd.img-6.1.0-1-amd64
        echo 'root:x:0:0:root:/root:/bin/sh' > etc/passwd; echo 'root:x:0:' > etc/group
        echo 'root:*:19000:0:99999:7:::' > etc/shadow; chmod 600 etc/shadow
        echo golden > etc/hostname; echo key > etc/ssh/ssh_host_rsa_key
        mknod -m 600 dev/console c 5 1; mknod -m 666 dev/null c 1 3
        mkdir -p usr/sbin; cp bin/busybox usr/sbin/sshd; chmod 4755 usr/sbin/sshd
        """);
    return root;
  }

  static String sh(Path directory, String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(script + "\n" + output);
    }
    return output;
  }

  /** Collects what a build tells. */
  static final class Told implements BuildProgress {
    final List<String> lines = new ArrayList<>();

    @Override
    public void step(int number, int of, String what) {
      lines.add(number + " of " + of + ": " + what);
    }

    @Override
    public void note(String line) {
      lines.add(line);
    }
  }
}
