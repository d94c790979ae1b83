package org.krgboot.nfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileHandles;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.Stat;

/**
 * The files of a node's root whose reading tells how far its boot is: to start a program is to read
 * it, and nobody else reads these.
 *
 * @param init the first of those that the kernel tries; empty if there is none
 * @param logins what lets people log in, as far as the root has it
 */
record RootSigns(Optional<Sign> init, List<Sign> logins) {
  /** A program, by its name in the root and by its file. */
  record Sign(String path, WireHandle file) {}

  /** In the order in which Linux tries them, init/main.c; the last resort, a shell, is no init. */
  private static final List<String> INITS = List.of("/sbin/init", "/etc/init", "/bin/init");

  private static final List<String> LOGINS =
      List.of(
          "/sbin/agetty",
          "/sbin/getty",
          "/sbin/mingetty",
          "/usr/sbin/sshd",
          "/usr/sbin/dropbear",
          "/bin/login");

  /** As the kernel, path_resolution(7). */
  private static final int MOST_LINKS = 40;

  private static final int DEEPEST = 64;
  private static final byte[] ITSELF = {};

  RootSigns {
    logins = List.copyOf(logins);
  }

  /**
   * Looks for them as the node would: links are the node's own, and none leads out.
   *
   * @param root the directory that was mounted
   */
  static RootSigns of(OpenExport export, int root, HandleCodec codec) {
    Finder finder = new Finder(export, root, codec);
    Optional<Sign> init = INITS.stream().flatMap(path -> finder.find(path).stream()).findFirst();
    List<Sign> logins = new ArrayList<>();
    for (String path : LOGINS) {
      // Where one program is all of them (busybox), it tells nothing.
      finder.find(path).filter(sign -> !isSame(init, sign)).ifPresent(logins::add);
    }
    return new RootSigns(init, logins);
  }

  private static boolean isSame(Optional<Sign> one, Sign other) {
    return one.filter(sign -> sign.file().equals(other.file())).isPresent();
  }

  boolean isInit(WireHandle file) {
    return init.filter(sign -> sign.file().equals(file)).isPresent();
  }

  Optional<Sign> loginOf(WireHandle file) {
    return logins.stream().filter(sign -> sign.file().equals(file)).findFirst();
  }

  private record Finder(OpenExport export, int root, HandleCodec codec) {
    Optional<Sign> find(String path) {
      Deque<Integer> open = new ArrayDeque<>();
      try {
        Stat stat = walk(path, open);
        return stat.isRegular() && stat.mountId() == export.mountId()
            ? Optional.of(new Sign(path, handle(open)))
            : Optional.empty();
      } catch (IOException e) {
        return Optional.empty();
      } finally {
        open.forEach(Finder::close);
      }
    }

    private WireHandle handle(Deque<Integer> open) throws IOException {
      return codec.encode(export.id(), FileHandles.nameToHandle(open.getLast()));
    }

    /** Opens each part of the path, one in the other; those that "..", or a link, leaves again. */
    private Stat walk(String path, Deque<Integer> open) throws IOException {
      Deque<byte[]> left = new ArrayDeque<>(parts(path.getBytes(StandardCharsets.UTF_8)));
      int links = 0;
      while (!left.isEmpty()) {
        byte[] name = left.removeFirst();
        if (Names.isParent(name)) {
          leave(open);
        } else if (!Names.isDots(name)) {
          int fd = FileCalls.openat(here(open), name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0);
          open.addLast(fd);
          if (FileCalls.statx(fd, ITSELF, 0).isSymbolicLink()) {
            byte[] target = FileCalls.readlinkat(fd, ITSELF);
            leave(open);
            if (target.length > 0 && target[0] == '/') {
              leaveAll(open);
            }
            parts(target).reversed().forEach(left::addFirst);
            links++;
          }
        }
        if (links > MOST_LINKS || open.size() > DEEPEST) {
          throw new IOException("too many links");
        }
      }
      return FileCalls.statx(here(open), ITSELF, 0);
    }

    private int here(Deque<Integer> open) {
      return open.isEmpty() ? root : open.getLast();
    }

    private static void leaveAll(Deque<Integer> open) {
      while (!open.isEmpty()) {
        leave(open);
      }
    }

    private static void leave(Deque<Integer> open) {
      if (!open.isEmpty()) {
        close(open.removeLast());
      }
    }

    private static List<byte[]> parts(byte[] path) {
      return MountPath.of(path).components();
    }

    private static void close(int fd) {
      try {
        FileCalls.close(fd);
      } catch (LinuxException e) {
        // An O_PATH descriptor has nothing to lose, close(2).
      }
    }
  }
}
