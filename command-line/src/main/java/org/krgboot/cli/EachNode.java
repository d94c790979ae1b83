package org.krgboot.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.krgboot.daemon.NodeRow;

/**
 * Runs a program for each of many nodes, several at once.
 *
 * @param atOnce how many at the same time
 * @param timeoutSeconds for each
 */
record EachNode(int atOnce, int timeoutSeconds) {
  /** More of a node's output is left out. */
  private static final int MOST_OUTPUT = 1 << 20;

  /** As of timeout(1). */
  static final int TIMED_OUT = 124;

  /** As of ssh(1), which cannot reach the node. */
  static final int NOT_RUN = 255;

  /**
   * What came of it for one node.
   *
   * @param output of both streams, in the order in which it was written
   */
  record Outcome(NodeRow node, int exit, String output) {}

  /**
   * Runs it for all.
   *
   * @param words the program and its arguments
   * @param done is told of each as it ends, one at a time
   */
  void run(List<NodeRow> nodes, Function<NodeRow, List<String>> words, Consumer<Outcome> done)
      throws InterruptedException {
    Semaphore slots = new Semaphore(atOnce);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (NodeRow node : nodes) {
        slots.acquire();
        threads.execute(() -> {
          try {
            Outcome outcome = run(node, words.apply(node));
            synchronized (done) {
              done.accept(outcome);
            }
          } finally {
            slots.release();
          }
        });
      }
    }
  }

  private Outcome run(NodeRow node, List<String> words) {
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      FutureTask<String> output = new FutureTask<>(() -> output(process));
      Thread.startVirtualThread(output);
      boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly(); // Process.destroyForcibly would close its output
        process.waitFor();
      }
      return new Outcome(node, ended ? process.exitValue() : TIMED_OUT, output.get());
    } catch (IOException | ExecutionException e) {
      return new Outcome(node, NOT_RUN, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome(node, NOT_RUN, "interrupted");
    }
  }

  private static String output(Process process) throws IOException {
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
      output.transferTo(OutputStream.nullOutputStream());
      return text.stripTrailing();
    }
  }
}
