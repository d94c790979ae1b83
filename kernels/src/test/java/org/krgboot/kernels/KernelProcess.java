package org.krgboot.kernels;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A store that is changed by a process of its own, so that a test can end it. */
final class KernelProcess {
  private KernelProcess() {}

  /**
   * {@code STORE RESULT once|always}: adds, publishes, goes back and cleans up; with {@code always}
   * until it is killed. Says each thing that was done.
   */
  public static void main(String[] arguments) {
    boolean again = arguments[2].equals("always");
    do {
      try (KernelStore store = KernelStore.open(Path.of(arguments[0]))) {
        store.removeLeftovers().forEach(System.out::println);
        anotherOne(Path.of(arguments[1]));
        int number = store.add(Path.of(arguments[1])).version().number();
        System.out.println("added " + number);
        store.publish(number, "default");
        System.out.println("published " + number);
        if (store.previous("default").isPresent() && number % 3 == 0) {
          store.rollback("default");
        }
        // As if it was much later: nobody is loading any more.
        Instant now = Instant.now().plus(KernelGarbage.LOADING).plusSeconds(60);
        var removed =
            KernelGarbage.remove(store, KernelGarbage.kept(store, List.of(), 1, now).keySet());
        System.out.println("removed " + removed);
      } catch (IOException e) {
        System.out.println("failed: " + e.getMessage());
        again = false;
      }
    } while (again);
  }

  /** As if it was built again: the same result is not kept twice. */
  private static void anotherOne(Path result) throws IOException {
    KernelManifest is = KernelManifest.read(result);
    new KernelManifest(
            is.name(),
            is.release(),
            is.inputs(),
            is.outputs(),
            is.configSha256(),
            "built at " + System.nanoTime(),
            is.builtAt(),
            is.commandLine())
        .write(result);
  }

  /**
   * Starts one.
   *
   * @param around a shell command with {@code WORK} where this is to run
   */
  static Process start(String around, Path store, Path result, String times, Path output)
      throws IOException {
    String line =
        String.join(
            " ",
            "exec",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            "'" + System.getProperty("java.class.path") + "'",
            KernelProcess.class.getName(),
            store.toString(),
            result.toString(),
            times);
    return new ProcessBuilder("sh", "-c", around.replace("WORK", line))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
