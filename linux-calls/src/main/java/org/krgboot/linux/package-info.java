/**
 * Linux system calls that the JDK lacks, through {@code java.lang.foreign}: thin, exact, no policy.
 *
 * <p>Every call goes through glibc's {@code syscall(2)}, so the meaning is the kernel's and not
 * that of a glibc wrapper (whose credential calls, for one, change every thread of the process). A
 * call that fails throws {@link org.krgboot.linux.LinuxException}, which carries the errno and no
 * stack trace: a missing file is a normal answer. A call that a signal interrupts (EINTR) is made
 * again.
 *
 * <p>No call allocates native memory. Names, structures and the errno go through one scratch area a
 * thread, which is freed some time after the thread has ended; for threads of one request there is
 * {@link org.krgboot.linux.BriefCalls}.
 */
@NullMarked
package org.krgboot.linux;

import org.jspecify.annotations.NullMarked;
