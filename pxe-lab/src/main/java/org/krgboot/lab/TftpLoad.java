package org.krgboot.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** Many nodes that fetch one file by TFTP at the same time, for measuring any TFTP server. */
public final class TftpLoad {
  /** A client needs few calls deep. */
  private static final int STACK = 256 << 10;

  /**
   * What each client does.
   *
   * @param lossPercent of the packets that come, and of the ACKs that go
   * @param pause after which a client sends its last packet again
   * @param tries how often it does so in a row
   */
  public record Wish(
      InetSocketAddress server,
      String file,
      Shape shape,
      double lossPercent,
      Duration pause,
      int tries) {
    int blockSize() {
      return shape.blockSize();
    }

    int window() {
      return shape.window();
    }
  }

  /**
   * The options asked for.
   *
   * @param window blocks; 1 does not ask for the option at all
   */
  public record Shape(int blockSize, int window) {}

  /**
   * What came of it.
   *
   * @param nanos from the start of all to the end of the last
   * @param times of the clients that got the file, in nanoseconds, sorted
   * @param repeatedRequests beyond the first of each client
   * @param sha256 of the file, in hex; empty if nobody got it
   * @param failures what went wrong, and how often; a content that differs among it
   */
  public record Outcome(
      long nanos,
      long bytes,
      List<Long> times,
      long repeatedRequests,
      long waits,
      long again,
      String sha256,
      TreeMap<String, Integer> failures) {
    public Outcome {
      times = List.copyOf(times);
    }

    /** The time within which that part of the clients had the file. */
    public double seconds(double part) {
      int rank = (int) Math.ceil(part * times.size()) - 1;
      return times.isEmpty() ? Double.NaN : times.get(Math.max(0, rank)) / 1e9;
    }

    /** Millions of octets a second, all clients together. */
    public double megabytesPerSecond() {
      return bytes / (nanos / 1e3);
    }
  }

  private TftpLoad() {}

  /**
   * Runs all clients at once and waits for the last.
   *
   * @param seed decides which packets are lost
   */
  public static Outcome run(int clients, Wish wish, long seed) throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    TftpFetch.Result[] results = new TftpFetch.Result[clients];
    String[] failures = new String[clients];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int number = i;
      Runnable client =
          () -> {
            try {
              start.await();
              results[number] = TftpFetch.run(wish, seed + number);
            } catch (IOException | RuntimeException e) {
              failures[number] = e.toString();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      Thread thread = new Thread(null, client, "node-" + number, STACK);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    long began = System.nanoTime();
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    return outcome(System.nanoTime() - began, results, failures);
  }

  private static Outcome outcome(long nanos, TftpFetch.Result[] results, String[] failures) {
    List<TftpFetch.Result> good = Arrays.stream(results).filter(r -> r != null).toList();
    String sha256 = good.isEmpty() ? "" : good.getFirst().sha256();
    TreeMap<String, Integer> wrong = new TreeMap<>();
    Arrays.stream(failures).filter(f -> f != null).forEach(f -> wrong.merge(f, 1, Integer::sum));
    good.stream()
        .filter(result -> !result.sha256().equals(sha256))
        .forEach(_ -> wrong.merge("another content than the first client's", 1, Integer::sum));
    return new Outcome(
        nanos,
        good.stream().mapToLong(TftpFetch.Result::bytes).sum(),
        good.stream().map(TftpFetch.Result::nanos).sorted().toList(),
        good.stream().mapToLong(result -> result.requests() - 1).sum(),
        good.stream().mapToLong(TftpFetch.Result::waits).sum(),
        good.stream().mapToLong(TftpFetch.Result::again).sum(),
        sha256,
        wrong);
  }
}
