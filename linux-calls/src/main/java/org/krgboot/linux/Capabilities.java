package org.krgboot.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The rights in effect, capabilities(7).
 *
 * @param effective one bit each, numbered as in {@link Capability}
 */
public record Capabilities(long effective) {
  private static final String LINE = "CapEff:";

  /** Of the calling thread, from proc(5). None, if proc is not mounted. */
  public static Capabilities ofThisThread() {
    try {
      return parse(Files.readAllLines(Path.of("/proc/thread-self/status")));
    } catch (IOException noProc) {
      return new Capabilities(0);
    }
  }

  static Capabilities parse(List<String> status) {
    for (String line : status) {
      if (line.startsWith(LINE)) {
        return new Capabilities(Long.parseUnsignedLong(line.substring(LINE.length()).strip(), 16));
      }
    }
    return new Capabilities(0);
  }

  public boolean has(Capability right) {
    return (effective >>> right.bit & 1) == 1;
  }
}
