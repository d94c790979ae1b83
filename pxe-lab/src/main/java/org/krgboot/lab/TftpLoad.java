package org.krgboot.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Many nodes that fetch one file by TFTP at the same time, for measuring any TFTP server. */
public final class TftpLoad {
  /** How often it is looked whose time is up. */
  private static final long LOOK_EVERY_MILLIS = 20;

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
    TftpFetch.Result[] results = new TftpFetch.Result[clients];
    String[] failures = new String[clients];
    // Few threads for many clients: a node of a cluster never waits for another's processor.
    int threads = Math.min(clients, Runtime.getRuntime().availableProcessors());
    List<Thread> running = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      int first = i;
      Thread thread =
          Thread.ofPlatform()
              .name("nodes-" + i)
              .daemon()
              .start(() -> new Nodes(wish, seed, results, failures).run(first, threads));
      running.add(thread);
    }
    for (Thread thread : running) {
      thread.join();
    }
    return outcome(System.nanoTime() - began, results, failures);
  }

  /** The clients of one thread. */
  private static final class Nodes {
    private final Wish wish;
    private final long seed;
    private final TftpFetch.@Nullable Result[] results;
    private final @Nullable String[] failures;
    private final TftpFetch.Memory memory = new TftpFetch.Memory();
    private final Map<Integer, TftpFetch> running = new HashMap<>();

    Nodes(Wish wish, long seed, TftpFetch.@Nullable Result[] results, @Nullable String[] failures) {
      this.wish = wish;
      this.seed = seed;
      this.results = results;
      this.failures = failures;
    }

    void run(int first, int step) {
      try (Selector selector = Selector.open()) {
        for (int i = first; i < results.length; i += step) {
          start(i, selector);
        }
        long look = System.nanoTime();
        while (!running.isEmpty()) {
          selector.select(this::readable, LOOK_EVERY_MILLIS);
          if (System.nanoTime() - look >= LOOK_EVERY_MILLIS * 1_000_000) {
            look = System.nanoTime();
            List.copyOf(running.keySet()).forEach(this::look);
          }
        }
      } catch (IOException e) {
        running.keySet().forEach(number -> failures[number] = e.toString());
      }
    }

    private void start(int number, Selector selector) {
      try {
        TftpFetch fetch = TftpFetch.start(wish, seed + number, memory);
        running.put(number, fetch);
        fetch.channel().register(selector, SelectionKey.OP_READ, number);
      } catch (IOException e) {
        end(number, e);
      }
    }

    private void readable(SelectionKey key) {
      int number = (Integer) key.attachment();
      TftpFetch fetch = running.get(number);
      try {
        if (fetch != null && fetch.readable()) {
          results[number] = fetch.result();
          end(number, null);
        }
      } catch (IOException | RuntimeException e) {
        end(number, e);
      }
    }

    private void look(int number) {
      TftpFetch fetch = running.get(number);
      try {
        if (fetch != null && System.nanoTime() - fetch.deadline() >= 0) {
          fetch.timeIsUp();
        }
      } catch (IOException e) {
        end(number, e);
      }
    }

    private void end(int number, @Nullable Exception why) {
      TftpFetch fetch = running.remove(number);
      if (why != null) {
        failures[number] = why.toString();
      }
      try {
        if (fetch != null) {
          fetch.close();
        }
      } catch (IOException e) {
        failures[number] = e.toString();
      }
    }
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
