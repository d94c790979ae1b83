package org.krgboot.steps;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines that run apart from this machine: in mount and process namespaces of their own. All
 * that they mount and start ends with their first process, however that comes; and that ends with
 * us, even if we are killed.
 */
public record Chroot(Path busy, Apart how) {
  /** How programs are kept apart. */
  public enum Apart {
    /** In namespaces, made by root. */
    AS_ROOT,
    /** In namespaces of a user's own, where the machine lets users have them. */
    AS_USER,
    /** Not at all: only the first process ends with us. */
    NOT
  }

  /** As root. */
  public Chroot(Path busy) {
    this(busy, Apart.AS_ROOT);
  }

  /**
   * What programs expect around them. {@code /dev} is not this machine's: a script that writes to a
   * disk, or removes {@code /dev/null}, does that to none.
   */
  private static final String AROUND =
      """
      set -e
      r=$1
      for each in proc sys dev run tmp; do [ -d "$r/$each" ] || mkdir "$r/$each"; done
      mount -t proc proc "$r/proc"
      mount -t sysfs -o ro sysfs "$r/sys" || mount --rbind /sys "$r/sys"
      mount -t tmpfs -o mode=0755 tmpfs "$r/dev"
      mknod -m 666 "$r/dev/null" c 1 3
      mknod -m 666 "$r/dev/zero" c 1 5
      mknod -m 666 "$r/dev/full" c 1 7
      mknod -m 666 "$r/dev/random" c 1 8
      mknod -m 666 "$r/dev/urandom" c 1 9
      mknod -m 666 "$r/dev/tty" c 5 0
      mkdir -p "$r/dev/pts" "$r/dev/shm"
      mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$r/dev/pts"
      ln -sfn pts/ptmx "$r/dev/ptmx"
      ln -sfn /proc/self/fd "$r/dev/fd"
      ln -sfn /proc/self/fd/0 "$r/dev/stdin"
      ln -sfn /proc/self/fd/1 "$r/dev/stdout"
      ln -sfn /proc/self/fd/2 "$r/dev/stderr"
      mount -t tmpfs -o mode=1777 tmpfs "$r/dev/shm"
      mount -t tmpfs -o mode=1777 tmpfs "$r/tmp"
      mount -t tmpfs -o mode=0755 tmpfs "$r/run"
      mkdir -p "$r/run/krgboot" "$r/run/lock"
      ! [ -r /etc/resolv.conf ] || cp /etc/resolv.conf "$r/run/krgboot/resolv.conf"
      # Packages must start no service: it would be on this machine's network (invoke-rc.d(8)).
      # Never through a link: it could lead out of the root.
      policy=$r/usr/sbin/policy-rc.d
      if [ -L "$r/usr" ] || [ -L "$r/usr/sbin" ] || [ ! -w "$r/usr/sbin" ] || [ -L "$policy" ] ||
        { [ -e "$policy" ] && ! grep -q krgboot "$policy"; }; then
        exec chroot "$@"
      fi
      printf '#!/bin/sh\n# krgboot: while a program runs in this root\nexit 101\n' > "$policy"
      chmod 755 "$policy"
      status=0
      chroot "$@" || status=$?
      rm -f "$policy"
      exit $status
      """;

  private static final List<String> SPACES =
      List.of(
          "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc");

  /**
   * A program on this machine.
   *
   * @param program and its arguments
   */
  public List<String> apart(List<String> program) {
    List<String> line = new ArrayList<>();
    // The signal goes to what setpriv becomes, and --kill-child hands it on. Whoever comes next
    // waits for the file to be free, which it is when the last process is gone.
    line.addAll(List.of("setpriv", "--pdeathsig", "KILL", "flock", "--no-fork", busy.toString()));
    switch (how) {
      case AS_ROOT -> {
        line.add("unshare");
        line.addAll(SPACES);
      }
      case AS_USER -> {
        line.addAll(List.of("unshare", "--user", "--map-current-user"));
        line.addAll(SPACES);
      }
      case NOT -> {}
    }
    line.addAll(program);
    return line;
  }

  /** A program in a root, with /proc, /sys, /dev, /run and /tmp. */
  public List<String> in(Path root, List<String> program) {
    return apart(entering(root, program));
  }

  /** The same, where it runs apart already. */
  public static List<String> entering(Path root, List<String> program) {
    List<String> line = new ArrayList<>(List.of("sh", "-c", AROUND, "sh", root.toString()));
    line.addAll(program);
    return line;
  }

  /** Where {@link #in(Path, Path, List)} shows a directory of this machine. */
  public static final Path SHOWN = Path.of("/mnt/krgboot");

  /**
   * A program in a root that has one directory of this machine too, at {@link #SHOWN}.
   *
   * @param directory that is shown there, and can be written
   */
  public List<String> in(Path root, Path directory, List<String> program) {
    String show =
        """
        set -e
        [ -d "$1/mnt" ] || mkdir "$1/mnt"
        mount -t tmpfs -o mode=0755 tmpfs "$1/mnt"
        mkdir "$1/mnt/krgboot"
        mount --bind "$2" "$1/mnt/krgboot"
        r=$1; shift 2; set -- "$r" "$@"
        """;
    List<String> line =
        new ArrayList<>(
            List.of("sh", "-c", show + AROUND, "sh", root.toString(), directory.toString()));
    line.addAll(program);
    return apart(line);
  }

  /**
   * The same, of a root that is not to be changed: all of it but these directories is read-only.
   */
  public List<String> lookingInto(Path root, List<String> program) {
    String sealed = "set -e; mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"\n";
    List<String> line =
        new ArrayList<>(List.of("sh", "-c", sealed + AROUND, "sh", root.toString()));
    line.addAll(program);
    return apart(line);
  }

  /** Ends when nothing runs any more that a killed build had started; fails after a minute. */
  public List<String> whenFree() {
    return List.of("flock", "--timeout", "60", busy.toString(), "true");
  }
}
