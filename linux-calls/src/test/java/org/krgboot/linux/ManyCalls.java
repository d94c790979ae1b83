package org.krgboot.linux;

import static org.krgboot.linux.Here.name;

import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a million calls, says by how many KiB the process grew after the first half million. */
final class ManyCalls {
  private static final int HALF_A_MILLION = 500_000;

  private ManyCalls() {}

  public static void main(String[] arguments) throws Exception {
    int dir = Here.directory(Path.of(arguments[0]));
    FileCalls.symlinkat(name("target"), dir, name("link"));
    work(dir, HALF_A_MILLION);
    long before = residentKib();
    work(dir, 2 * HALF_A_MILLION);
    System.out.println(residentKib() - before);
  }

  private static void work(int dir, int times) throws LinuxException {
    StatBuffer stat = new StatBuffer();
    byte[] link = name("link");
    byte[] none = name("none");
    for (int i = 0; i < times; i++) {
      switch (i & 3) {
        case 0 -> FileCalls.statx(dir, stat);
        case 1 -> FileCalls.readlinkat(dir, link);
        case 2 -> FileCalls.statx(dir, link, AtFlags.AT_SYMLINK_NOFOLLOW);
        default -> refused(dir, none);
      }
    }
  }

  private static void refused(int dir, byte[] name) {
    try {
      FileCalls.openat(dir, name, OpenFlags.O_PATH, 0);
      throw new AssertionError("it is there");
    } catch (LinuxException expected) {
      if (expected.errno() != Errno.ENOENT) {
        throw new AssertionError(expected);
      }
    }
  }

  private static long residentKib() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new AssertionError("no RssAnon in /proc/self/status");
  }
}
