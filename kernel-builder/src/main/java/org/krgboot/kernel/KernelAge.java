package org.krgboot.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What depends on how old a kernel is; data. */
final class KernelAge {
  private KernelAge() {}

  /**
   * A word for the compiler.
   *
   * @param why a kernel of that age needs it
   */
  record Flag(String word, String why) {}

  /** Of the age before 3.0; tried with gcc 12 on 2.6.20 and 2.6.30. */
  private static final List<Flag> BEFORE_3_0 =
      List.of(
          new Flag("-std=gnu89", "its inline functions mean what they meant before C99"),
          new Flag(
              "-fno-pie",
              "a kernel has one place in memory, and compilers of today think otherwise"),
          new Flag("-fcommon", "it defines variables in headers"),
          new Flag("-fno-stack-protector", "it has no place for the guard that the compiler reads"),
          new Flag("-fcf-protection=none", "its 16-bit and 32-bit parts cannot have such marks"),
          new Flag("-fno-asynchronous-unwind-tables", "its linker script drops no such tables"),
          new Flag("-fno-strict-overflow", "it counts on numbers that wrap"),
          new Flag("-fno-delete-null-pointer-checks", "it looks at a pointer before it tests it"),
          new Flag("-mno-mmx", "it does not save those registers"),
          new Flag("-mno-sse", "it does not save those registers: it would fault without a word"),
          new Flag("-mno-sse2", "the same"),
          new Flag("-fno-tree-vectorize", "the same"),
          new Flag(
              "-w", "some of its directories take warnings for errors, and there are more now"));

  /** Words for a compiler of today, and why; none where the kernel's own Makefiles have them. */
  static List<Flag> flags(KernelVersion version) {
    return version.isBefore("3.0") ? BEFORE_3_0 : List.of();
  }

  /** The words that make the compiler of an x86 kernel are of no use elsewhere. */
  static boolean isX86(String arch) {
    return List.of("x86", "x86_64", "i386").contains(arch);
  }

  /** Whether the tree knows how to take its own defaults without asking (Linux 3.7). */
  static boolean hasOlddefconfig(KernelVersion version) {
    return !version.isBefore("3.7");
  }

  /** Whether the tree takes date and names from the environment (Linux 2.6.39 and later). */
  static boolean readsBuildVariables(KernelVersion version) {
    return !version.isBefore("2.6.39");
  }

  /** Programs that its build needs, with their packages. */
  static List<Tool> tools(KernelVersion version) {
    List<Tool> tools =
        new ArrayList<>(
            List.of(
                new Tool("make", "make"), new Tool("ld", "binutils"), new Tool("perl", "perl")));
    if (!version.isBefore("3.9")) {
      tools.add(new Tool("bc", "bc")); // kernel/time/timeconst.bc
    }
    if (!version.isBefore("4.16")) { // Documentation/process/changes.rst
      tools.add(new Tool("flex", "flex"));
      tools.add(new Tool("bison", "bison"));
    }
    return tools;
  }

  /** A program and the Debian package that has it. */
  record Tool(String program, String itsPackage) {}

  /** Of a version on, the oldest gcc (Documentation/process/changes.rst of those versions). */
  private record OldestGcc(String kernel, int major, int minor) {}

  private static final List<OldestGcc> OLDEST_GCC =
      List.of(
          new OldestGcc("6.15", 8, 1),
          new OldestGcc("5.15", 5, 1),
          new OldestGcc("5.8", 4, 8),
          new OldestGcc("4.19", 4, 6));

  /** Why that gcc cannot make that kernel, or what is to be said of it. */
  static Optional<String> tooOld(KernelVersion version, int gccMajor, int gccMinor) {
    return OLDEST_GCC.stream()
        .filter(each -> !version.isBefore(each.kernel()))
        .findFirst()
        .filter(each ->
            gccMajor < each.major() || (gccMajor == each.major() && gccMinor < each.minor()))
        .map(each ->
            "Linux "
                + version
                + " needs gcc "
                + each.major()
                + "."
                + each.minor()
                + " or newer, and this is gcc "
                + gccMajor
                + "."
                + gccMinor
                + "; name another with cc = in [compiler]");
  }

  /** What a person should know before the long build; empty if there is nothing. */
  static Optional<String> warning(KernelVersion version, int gccMajor) {
    boolean between = !version.isBefore("3.0") && version.isBefore("4.9");
    return between && gccMajor > 5
        ? Optional.of(
            "Linux "
                + version
                + " is older than gcc "
                + gccMajor
                + ", and krgboot knows no words for the compiler at that age: if it does not build, or"
                + " does not boot, give some with flags = in [compiler], or a chroot with a compiler of"
                + " its time")
        : Optional.empty();
  }
}
