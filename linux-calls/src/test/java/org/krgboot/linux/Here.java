package org.krgboot.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** What the tests of this package say of the machine and of names. */
final class Here {
  static final byte[] ITSELF = {};
  static final int EVERYBODY = 0777;

  private Here() {}

  /** One byte a character: {@code "caf\u00e9"} is not UTF-8. */
  static byte[] name(String text) {
    return text.getBytes(ISO_8859_1);
  }

  static int directory(Path path) throws LinuxException {
    return FileCalls.open(
        path.toString().getBytes(), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0);
  }

  static void needs(Capability... rights) {
    Capabilities mine = Capabilities.ofThisThread();
    for (Capability right : rights) {
      assumeTrue(mine.has(right), "SKIPPED: needs root, with CAP_" + right);
    }
  }
}
