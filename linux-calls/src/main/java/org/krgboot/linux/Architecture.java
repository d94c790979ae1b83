package org.krgboot.linux;

import java.util.Locale;

/**
 * The machines whose system call numbers and flags are known here. Both are 64-bit, little-endian.
 */
enum Architecture {
  X86_64,
  AARCH64;

  static final Architecture HERE = of(System.getProperty("os.arch", ""));

  static Architecture of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "linux-calls knows x86-64 and aarch64, and this machine is '" + name + "'");
    };
  }

  int pick(int x86, int arm) {
    return switch (this) {
      case X86_64 -> x86;
      case AARCH64 -> arm;
    };
  }
}
