package org.krgboot.images;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Trees with everything that a node root can have in it, and what tests ask of a system. */
final class SmallRoot {
  private SmallRoot() {}

  /** Skips the test where a tree with owners and device nodes cannot be made. */
  static void assumePossible() {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: owners need root");
    for (String tool : List.of("setfacl", "setfattr", "setcap", "getfattr")) {
      boolean there =
          Stream.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/")
              .anyMatch(directory -> Files.isExecutable(Path.of(directory + tool)));
      assumeTrue(there, "SKIPPED: `" + tool + "` is missing (packages acl, attr, libcap2-bin)");
    }
  }

  /** A root with a kernel, an init, some directories, and one text. */
  static Path make(Path root, String text) throws IOException {
    for (String directory : List.of("boot", "etc", "sbin", "var/lib/app", "home", "usr/lib")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.writeString(root.resolve("boot/vmlinuz-6.1.0-1-amd64"), "kernel of " + text);
    Files.writeString(root.resolve("sbin/init"), "init");
    Files.writeString(root.resolve("etc/text"), text);
    Files.writeString(root.resolve("usr/lib/big"), "the same in all of them\n".repeat(10_000));
    Files.setLastModifiedTime(root.resolve("usr/lib/big"), FileTime.fromMillis(1_700_000_000_000L));
    return root;
  }

  static void style(Path root, RootStyle style) throws IOException {
    Files.writeString(root.resolve(RootStyle.PATH), style.text());
  }

  /** The same with all kinds of files and all that can belong to one. */
  static Path makeWithEverything(Path root) throws Exception {
    make(root, "everything");
    sh(
        root,
        """
        set -e
        mknod dev-null c 1 3; chmod 666 dev-null
        mknod dev-disk b 8 1; chown 0:6 dev-disk
        mkfifo pipe
        ln -s ../etc/text var/link; ln -s 'nowhere at all' var/dangling
        ln usr/lib/big home/big-again
        cp /bin/true sbin/su; chmod 4755 sbin/su
        cp /bin/true sbin/write; chown 0:5 sbin/write; chmod 2755 sbin/write
        cp /bin/true sbin/ping; setcap cap_net_raw+ep sbin/ping
        chown 4294967000:70000 home; chmod 1777 var
        echo acl > etc/acl; setfacl -m u:1000:rw,g:2000:r etc/acl
        mkdir etc/acl-dir; setfacl -d -m u:1000:rwx etc/acl-dir
        echo x > etc/attribute; setfattr -n user.note -v 'a "note" with = and	tab' etc/attribute
        setfattr -n trusted.secret -v 0x00ff0a etc/attribute
        truncate -s 50M var/lib/sparse; echo end >> var/lib/sparse
        : > etc/empty; chmod 0 etc/empty
        touch -d '2001-02-03 04:05:06.123456789' etc/text
        touch -h -d '1999-01-01 00:00:00' var/link
        mkdir -p "etc/$(printf 'n\\303\\251 \\n\\\\ =')"; echo y > "etc/$(printf 'n\\303\\251 \\n\\\\ =')/f"
        printf z > "etc/$(printf 'raw\\377byte')"
        mkdir -p "$(printf 'long%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30)/x"
        touch -d '2010-01-01' etc
        """);
    return root;
  }

  /** Runs a script in a directory. */
  static String sh(Path directory, String script) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    if (process.waitFor() != 0) {
      throw new AssertionError(script + "\n" + output);
    }
    return output;
  }

  /** All that the system's own tools say of a tree: independent of tar and of our reader. */
  static String told(Path root) throws Exception {
    return sh(
        root,
        """
        find . -mindepth 1 ! -type l -printf '%y %m %U %G %n %T@ %s %b %P\\0' | sort -z | tr '\\0' '|'
        find . -type l -printf 'l %T@ %l %P\\0' | sort -z | tr '\\0' '|'
        find . \\( -type b -o -type c \\) -exec stat -c '%t:%T %n' {} + | sort
        find . -type f -exec sha256sum -z {} + | sort -z | tr '\\0' '|'
        find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex 2>/dev/null
        """);
  }

  static void permissions(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  static boolean sameInode(Path one, Path other) throws IOException {
    return Files.getAttribute(one, "unix:ino", LinkOption.NOFOLLOW_LINKS)
        .equals(Files.getAttribute(other, "unix:ino", LinkOption.NOFOLLOW_LINKS));
  }
}
