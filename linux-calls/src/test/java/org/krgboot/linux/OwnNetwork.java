package org.krgboot.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A network namespace of a test's own, which ends with its thread. */
final class OwnNetwork {
  private static final int CLONE_NEWNET = 0x40000000;

  private OwnNetwork() {}

  /** Runs where the network is its own. */
  static <T> T in(Callable<T> work) throws Exception {
    Here.needs(Capability.SYS_ADMIN, Capability.NET_ADMIN);
    assumeTrue(Files.isExecutable(Path.of("/sbin/ip")), "SKIPPED: needs /sbin/ip (iproute2)");
    FutureTask<T> task =
        new FutureTask<>(() -> {
          Scratch.mine().call(SystemCall.UNSHARE, CLONE_NEWNET);
          return work.call();
        });
    Thread.ofPlatform().start(task);
    return task.get();
  }

  static void ip(String... words) throws Exception {
    String[] command = new String[words.length + 1];
    command[0] = "/sbin/ip";
    System.arraycopy(words, 0, command, 1, words.length);
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    assumeTrue(exit == 0, "SKIPPED: this kernel cannot do: ip " + String.join(" ", words));
  }
}
