package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * One thread's native memory, and the way into the kernel.
 *
 * <p>Layout: two names of up to PATH_MAX bytes, one structure, the captured errno. A thread gets
 * its area at its first call and keeps it; the collector frees it after the thread has ended. So
 * 10^8 calls hold as much native memory as one.
 */
final class Scratch {
  /** Linux limits.h: bytes of a path with its closing NUL. */
  static final int PATH_MAX = 4096;

  static final int STRUCTURE_SIZE = 4096;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemorySegment SYSCALL = LINKER.defaultLookup().findOrThrow("syscall");

  /** The errno is taken before the JVM can change it by a call of its own. */
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** {@code long syscall(long number, ...)}, syscall(2): the arguments after the first vary. */
  private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(1);

  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          SYSCALL,
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          VARIADIC,
          CAPTURE);

  private static final MethodHandle CALL_WITH_SIX =
      LINKER.downcallHandle(
          SYSCALL,
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG),
          VARIADIC,
          CAPTURE);

  private static final MethodHandle CALL_WITH_BUFFER =
      LINKER.downcallHandle(
          SYSCALL,
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
          VARIADIC,
          CAPTURE);

  private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

  private final MemorySegment firstName;
  private final MemorySegment secondName;
  private final MemorySegment structure;
  private final MemorySegment callState;
  private final StatBuffer stat = new StatBuffer();

  private Scratch() {
    MemorySegment all =
        Arena.ofAuto()
            .allocate(
                2L * PATH_MAX + STRUCTURE_SIZE + Linker.Option.captureStateLayout().byteSize(), 16);
    firstName = all.asSlice(0, PATH_MAX);
    secondName = all.asSlice(PATH_MAX, PATH_MAX);
    structure = all.asSlice(2L * PATH_MAX, STRUCTURE_SIZE);
    callState = all.asSlice(2L * PATH_MAX + STRUCTURE_SIZE);
  }

  static Scratch mine() {
    return MINE.get();
  }

  /** An area of no thread, for calls that many short-lived threads make one at a time. */
  static Scratch shared() {
    return new Scratch();
  }

  /** Room for one structure, overwritten by the next call of this thread that needs one. */
  MemorySegment structure() {
    return structure;
  }

  /** For calls that copy the result out at once. */
  StatBuffer stat() {
    return stat;
  }

  /** The address of {@code name}, NUL-terminated, until the next {@code name} of this thread. */
  long name(byte[] name) throws LinuxException {
    return put(name, firstName);
  }

  /** As {@link #name}, for the second name of a call that takes two. */
  long otherName(byte[] name) throws LinuxException {
    return put(name, secondName);
  }

  private static long put(byte[] name, MemorySegment into) throws LinuxException {
    if (name.length >= PATH_MAX) {
      throw new LinuxException("name", Errno.ENAMETOOLONG);
    }
    for (byte each : name) {
      if (each == 0) { // the kernel would silently take the part before it
        throw new LinuxException("name", Errno.EINVAL);
      }
    }
    MemorySegment.copy(name, 0, into, JAVA_BYTE, 0, name.length);
    into.set(JAVA_BYTE, name.length, (byte) 0);
    return into.address();
  }

  /**
   * Makes the call, again while a signal interrupts it. A result is never negative: a failure is
   * thrown.
   */
  long call(SystemCall call, long a, long b, long c, long d, long e) throws LinuxException {
    while (true) {
      long result = once(call, a, b, c, d, e);
      if (result >= 0) {
        return result;
      }
      int error = error();
      if (error != Errno.EINTR.number()) {
        throw new LinuxException(call.manualName(), error);
      }
    }
  }

  long call(SystemCall call, long a, long b, long c, long d) throws LinuxException {
    return call(call, a, b, c, d, 0);
  }

  long call(SystemCall call, long a, long b, long c) throws LinuxException {
    return call(call, a, b, c, 0, 0);
  }

  long call(SystemCall call, long a, long b) throws LinuxException {
    return call(call, a, b, 0, 0, 0);
  }

  long call(SystemCall call, long a) throws LinuxException {
    return call(call, a, 0, 0, 0, 0);
  }

  /**
   * As {@link #call}, for a caller's buffer: the linker keeps it from being freed during the call,
   * which a bare address cannot.
   */
  long call(SystemCall call, long a, MemorySegment buffer, long size, long offset)
      throws LinuxException {
    while (true) {
      long result = once(call, a, buffer, size, offset);
      if (result >= 0) {
        return result;
      }
      int error = error();
      if (error != Errno.EINTR.number()) {
        throw new LinuxException(call.manualName(), error);
      }
    }
  }

  /** Makes the call once; the caller looks at {@link #error} if the result is negative. */
  long once(SystemCall call, long a, long b, long c, long d, long e) {
    try {
      return (long) CALL.invokeExact(callState, call.number, a, b, c, d, e);
    } catch (Throwable bug) { // a system call throws nothing; only the binding can be wrong
      throw new AssertionError(call.manualName(), bug);
    }
  }

  /**
   * As {@link #once(SystemCall, long, long, long, long, long)}, of splice(2), which alone takes six
   * arguments that matter.
   */
  long splice(long from, long fromOffset, long to, long toOffset, long count, long flags) {
    try {
      return (long)
          CALL_WITH_SIX.invokeExact(
              callState, SystemCall.SPLICE.number, from, fromOffset, to, toOffset, count, flags);
    } catch (Throwable bug) {
      throw new AssertionError("splice", bug);
    }
  }

  /** preadv2(2) of one piece; the high half of its offset is not looked at by 64-bit kernels. */
  long preadv2(long fd, long pieces, long offset, long flags) {
    try {
      return (long)
          CALL_WITH_SIX.invokeExact(
              callState, SystemCall.PREADV2.number, fd, pieces, 1L, offset, 0L, flags);
    } catch (Throwable bug) {
      throw new AssertionError("preadv2", bug);
    }
  }

  long once(SystemCall call, long a, MemorySegment buffer, long size, long offset) {
    if (!buffer.isNative()) {
      throw new IllegalArgumentException("the kernel needs native memory, not a heap buffer");
    }
    try {
      return (long) CALL_WITH_BUFFER.invokeExact(callState, call.number, a, buffer, size, offset);
    } catch (IllegalStateException closed) { // the caller's arena, or another thread's
      throw closed;
    } catch (Throwable bug) {
      throw new AssertionError(call.manualName(), bug);
    }
  }

  /** The errno of the last failed call of this thread. */
  int error() {
    return (int) ERRNO.get(callState, 0L);
  }
}
