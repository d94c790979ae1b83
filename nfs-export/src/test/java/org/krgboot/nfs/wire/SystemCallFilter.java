package org.krgboot.nfs.wire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Makes system calls of this process fail, or end it, by seccomp(2): for file systems that this
 * machine does not have, and for a kill between two calls. Cannot be taken back.
 */
final class SystemCallFilter {
  /** System calls of x86-64: Linux arch/x86/entry/syscalls/syscall_64.tbl. */
  private static final int OPENAT = 257;

  private static final int LINKAT = 265;
  private static final int UTIMENSAT = 280;
  private static final int SECCOMP = 317;

  private static final int SET_MODE_FILTER = 1;
  private static final int OF_ALL_THREADS = 1;

  /** Linux uapi/linux/bpf_common.h. */
  private static final int LOAD = 0x20;

  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_SET = 0x45;
  private static final int RETURN = 0x06;

  /** Offsets in struct seccomp_data: the call's number, the low half of its third argument. */
  private static final int NUMBER = 0;

  private static final int THIRD_ARGUMENT = 32;

  private static final int ALLOW = 0x7fff0000;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int FAIL = 0x00050000;
  private static final int EOPNOTSUPP = 95;
  private static final int NAMELESS = 0x400000; // __O_TMPFILE

  private SystemCallFilter() {}

  static boolean works() {
    return System.getProperty("os.arch").equals("amd64");
  }

  /** As on a file system that has no O_TMPFILE, open(2). */
  static void refuseNamelessFiles() {
    install(
        new int[][] {
          {LOAD, 0, 0, NUMBER},
          {JUMP_IF_EQUAL, 0, 3, OPENAT},
          {LOAD, 0, 0, THIRD_ARGUMENT},
          {JUMP_IF_SET, 0, 1, NAMELESS},
          {RETURN, 0, 0, FAIL | EOPNOTSUPP},
          {RETURN, 0, 0, ALLOW},
        });
  }

  /** The process dies when it is about to set the times of a file. */
  static void dieBeforeTimes() {
    dieBefore(UTIMENSAT);
  }

  /** The process dies when it is about to give a file a name. */
  static void dieBeforeLink() {
    dieBefore(LINKAT);
  }

  private static void dieBefore(int call) {
    install(
        new int[][] {
          {LOAD, 0, 0, NUMBER},
          {JUMP_IF_EQUAL, 0, 1, call},
          {RETURN, 0, 0, KILL_PROCESS},
          {RETURN, 0, 0, ALLOW},
        });
  }

  /** Each instruction: what, how far to jump if so and if not, with what. */
  private static void install(int[][] program) {
    Linker linker = Linker.nativeLinker();
    MethodHandle syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS),
            Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(8L * program.length, 8);
      for (int i = 0; i < program.length; i++) {
        int[] each = program[i];
        code.set(JAVA_INT, 8L * i, each[0] | each[1] << 16 | each[2] << 24);
        code.set(JAVA_INT, 8L * i + 4, each[3]);
      }
      MemorySegment filter = arena.allocate(16, 8);
      filter.set(JAVA_INT, 0, program.length);
      filter.set(ADDRESS, 8, code);
      long result =
          (long)
              syscall.invokeExact(
                  (long) SECCOMP, (long) SET_MODE_FILTER, (long) OF_ALL_THREADS, filter);
      if (result != 0) {
        throw new IllegalStateException("seccomp: " + result);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
