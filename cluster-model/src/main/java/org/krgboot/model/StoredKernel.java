package org.krgboot.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A numbered kernel, as nodes get it.
 *
 * @param name of the recipe that it was made by
 * @param release as {@code uname -r} prints it
 * @param added when it got its number
 * @param initrd the name of its initrd in its directory, if it has one
 * @param append words that it needs on its command line, perhaps none
 */
public record StoredKernel(
    KernelVersion version,
    String name,
    String release,
    Instant added,
    Optional<String> initrd,
    String append) {
  /** The kernel's name in its directory; no boot loader takes it for anything but a kernel. */
  public static final String KERNEL = "vmlinuz";

  /** The initrd's. */
  public static final String INITRD = "initrd.img";

  /** Where this stands in its directory. */
  public static final String FILE = "kernel";

  /**
   * Reads what stands in the directory of a version.
   *
   * @throws IOException if it is not there or damaged; the message says which number
   */
  public static StoredKernel read(KernelVersion version) throws IOException {
    Path file = version.path().resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          "there is no kernel "
              + version.number()
              + " in "
              + version.store()
              + "; see krgboot kernel list");
    }
    Map<String, String> lines = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    try {
      return new StoredKernel(
          version,
          lines.getOrDefault("name", ""),
          lines.getOrDefault("release", ""),
          Instant.parse(lines.getOrDefault("added", "")),
          Optional.ofNullable(lines.get("initrd")).filter(INITRD::equals),
          lines.getOrDefault("append", ""));
    } catch (DateTimeException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** One {@code name: value} a line. */
  public String text() {
    return "name: "
        + name
        + "\nrelease: "
        + release
        + "\nadded: "
        + added
        + initrd.map(file -> "\ninitrd: " + file).orElse("")
        + (append.isEmpty() ? "" : "\nappend: " + append)
        + "\n";
  }
}
