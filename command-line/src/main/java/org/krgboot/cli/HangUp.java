package org.krgboot.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears SIGHUP, by which a daemon is told to read its configuration again. The JVM has signals in
 * {@code sun.misc.Signal} of the module jdk.unsupported only, JEP 260; the compiler warns of that
 * name, so it is found at run time. Where it is not there, {@code krgboot reload} does the same.
 */
final class HangUp {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  private HangUp() {}

  /** Runs it at each signal, on a thread of the JVM's, one at a time. */
  static void heard(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      MethodHandle run =
          lookup
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(action);
      Object handling =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hangUp, handling);
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("SIGHUP is not heard; krgboot reload does the same", e);
    }
  }
}
