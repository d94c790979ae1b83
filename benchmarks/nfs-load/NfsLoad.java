import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Loads NFSv3 servers over the wire and prints how they did, in turn, so that each row compares like with like.
 *
 * <p>Usage: java NfsLoad.java ROUNDS SECONDS EXPORT ASYNC LOADS NAME=ADDRESS:NFS-PORT:MOUNT-PORT:PID...
 *
 * <p>ASYNC is an empty export whose server may put names on disk later. EXPORT holds data (a file of 256 MiB), scratch (a directory) and many (a directory of 10,000 files). LOADS is a
 * part of the names of the loads that are wanted, or "all".
 */
final class NfsLoad {
  private static final int MIB = 1 << 20;
  private static final long DATA = 256L * MIB;
  private static final double WARM_UP_SECONDS = 1.5;

  /** How a load is run and in what it is counted. */
  enum Unit {
    BYTES,
    CALLS,
    ENTRIES
  }

  interface Maker {
    Load of(Server server, int slots, int connection) throws IOException;
  }

  /** A load: so many connections with so many calls in flight each. {@code calls} for each connection, or 0: timed. */
  record Shape(String name, Unit unit, int connections, int depth, long calls, Maker maker) {}

  record Result(double perSecond, double p50, double p99, double cpuPerUnit, double doneP50, double doneP99, long rss) {}

  private final String export;
  private final String async;
  private final double seconds;

  private NfsLoad(String export, String async, double seconds) {
    this.export = export;
    this.async = async;
    this.seconds = seconds;
  }

  public static void main(String... arguments) throws IOException {
    int rounds = Integer.parseInt(arguments[0]);
    NfsLoad load = new NfsLoad(arguments[2], arguments[3], Double.parseDouble(arguments[1]));
    List<Server> servers = Arrays.stream(arguments).skip(5).map(Server::new).toList();
    System.out.println("| load | server | rate | p50 us | p99 us | CPU | RSS MiB | ratio |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    List<Shape> wanted =
        load.shapes().stream().filter(s -> arguments[4].equals("all") || s.name().contains(arguments[4])).toList();
    for (Shape shape : wanted) { // nothing is compiled yet, nothing cached
      for (Server server : servers) {
        var _ = load.run(shape, server, WARM_UP_SECONDS);
      }
    }
    for (Shape shape : wanted) {
      load.compare(shape, servers, rounds);
    }
  }

  private List<Shape> shapes() {
    List<Shape> all = new ArrayList<>();
    all.add(reading("READ 1 MiB, 1 connection, 4 in flight", 1, 4, MIB, 0));
    all.add(reading("READ 32 KiB, 1 connection, 8 in flight", 1, 8, 32 << 10, 0));
    all.add(writing("WRITE UNSTABLE 1 MiB, 1 connection, 4 in flight", 4, MIB, 0, 0));
    all.add(writing("WRITE UNSTABLE 1 MiB and COMMIT after 8, 1 connection", 1, MIB, 0, 8));
    all.add(writing("WRITE FILE_SYNC 32 KiB, 1 connection, 1 in flight", 1, 32 << 10, 2, 0));
    all.add(writing("WRITE FILE_SYNC 32 KiB, 1 connection, 8 in flight", 8, 32 << 10, 2, 0));
    all.add(asking("GETATTR, 1 connection, 1 in flight", 1, 1));
    all.add(asking("GETATTR, 1 connection, 32 in flight", 1, 32));
    all.add(new Shape("LOOKUP, 1 connection, 32 in flight", Unit.CALLS, 1, 32, 0, (server, slots, _) -> {
      byte[] root = server.handle(export);
      return Load.same(slots, () -> Calls.lookup(root, "data"));
    }));
    for (int depth : new int[] {1, 8}) {
      all.add(new Shape("CREATE and REMOVE, 1 connection, " + depth + " in flight", Unit.CALLS, 1, depth, 0, (server, slots, _) ->
          Load.creating(slots, server.handle(export, "scratch"), server.freshName())));
    }
    all.add(new Shape("CREATE and REMOVE on an async export, 1 connection, 8 in flight", Unit.CALLS, 1, 8, 0, (server, slots, _) ->
        Load.creating(slots, server.handle(async), server.freshName())));
    all.add(new Shape("READDIRPLUS of 10,000, 64 KiB a call, 1 connection", Unit.ENTRIES, 1, 1, 0, (server, _, _) ->
        Load.listing(server.handle(export, "many"), 64 << 10)));
    all.add(reading("READ 1 MiB, 32 connections, 1 in flight each", 32, 1, MIB, 0));
    all.add(reading("READ 32 KiB, 32 connections, 2 in flight each", 32, 2, 32 << 10, 0));
    all.add(asking("GETATTR, 32 connections, 1 in flight each", 32, 1));
    all.add(asking("GETATTR, 32 connections, 32 in flight each", 32, 32));
    all.add(asking("GETATTR, 1,000 connections, 1 in flight each", 1000, 1));
    all.add(reading("1,000 connections read 64 x 32 KiB each", 1000, 2, 32 << 10, 64));
    all.add(reading("1,000 connections read 4 x 1 MiB each", 1000, 1, MIB, 4));
    return all;
  }

  private Shape reading(String name, int connections, int depth, int count, long calls) {
    return new Shape(name, Unit.BYTES, connections, depth, calls, (server, slots, connection) ->
        Load.reading(slots, server.handle(export, "data"), count, DATA, connection % 16 * 16L * MIB));
  }

  private Shape writing(String name, int depth, int count, int stable, int commitAfter) {
    return new Shape(name, Unit.BYTES, 1, depth, 0, (server, slots, _) -> {
      byte[] file = server.handle(export, server.name + "-written");
      return Load.writing(slots, file, count, stable, DATA / 2, commitAfter);
    });
  }

  private Shape asking(String name, int connections, int depth) {
    return new Shape(name, Unit.CALLS, connections, depth, 0, (server, slots, _) -> {
      byte[] file = server.handle(export, "data");
      return Load.same(slots, () -> Calls.getattr(file));
    });
  }

  private void compare(Shape shape, List<Server> servers, int rounds) throws IOException {
    List<List<Result>> results = new ArrayList<>();
    for (Server server : servers) {
      results.add(new ArrayList<>());
      var _ = run(shape, server, seconds / 2);
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < servers.size(); i++) {
        results.get(i).add(run(shape, servers.get(i), seconds));
      }
    }
    double ours = median(results.getFirst(), Result::perSecond);
    for (int i = 0; i < servers.size(); i++) {
      print(shape, servers.get(i).name, results.get(i), ours);
    }
  }

  private static double median(List<Result> results, ToDoubleFunction<Result> of) {
    double[] sorted = results.stream().mapToDouble(of).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static void print(Shape shape, String server, List<Result> results, double ours) {
    double rate = median(results, Result::perSecond);
    double cpu = median(results, Result::cpuPerUnit);
    String how = switch (shape.unit()) {
      case BYTES -> String.format(Locale.ROOT, "%,.0f MB/s | %%s | %,.0f ms/GiB", rate / 1e6, cpu * 1e3 * (1 << 30));
      case CALLS -> String.format(Locale.ROOT, "%,.0f /s | %%s | %,.1f us/call", rate, cpu * 1e6);
      case ENTRIES -> String.format(Locale.ROOT, "%,.0f entries/s | %%s | %,.2f us/entry", rate, cpu * 1e6);
    };
    String times = String.format(Locale.ROOT, "%,.0f | %,.0f", median(results, Result::p50), median(results, Result::p99));
    String fair = shape.calls() == 0 ? "" : String.format(Locale.ROOT, "; done p50 %.0f ms, p99 %.0f ms, p99/p50 %.2f",
        median(results, Result::doneP50), median(results, Result::doneP99),
        median(results, Result::doneP99) / median(results, Result::doneP50));
    System.out.printf(Locale.ROOT, "| %s | %s | %s | %.0f | %.2f%s |%n", shape.name(), server, how.formatted(times),
        median(results, Result::rss), ours / rate, fair);
  }

  private Result run(Shape shape, Server server, double forSeconds) throws IOException {
    Histogram latencies = new Histogram();
    List<Connection> all = new ArrayList<>();
    try {
      for (int i = 0; i < shape.connections(); i++) {
        Load load = shape.maker().of(server, shape.depth(), i);
        all.add(new Connection(server.nfs, load, shape.depth(), latencies));
      }
      return shape.connections() == 1 && shape.calls() == 0
          ? runOne(all.getFirst(), server, latencies, forSeconds)
          : runMany(shape, all, server, latencies, forSeconds);
    } finally {
      for (Connection each : all) {
        each.close();
      }
    }
  }

  private static Result runOne(Connection connection, Server server, Histogram latencies, double forSeconds)
      throws IOException {
    double cpu = server.cpuSeconds();
    long start = System.nanoTime();
    long end = start + (long) (forSeconds * 1e9);
    connection.start(Long.MAX_VALUE);
    while (System.nanoTime() < end) {
      connection.receive(Long.MAX_VALUE);
    }
    while (connection.inFlight > 0) {
      connection.receive(0);
    }
    double took = (System.nanoTime() - start) / 1e9;
    return result(connection.units, took, latencies, server, cpu, new Histogram());
  }

  private static Result runMany(
      Shape shape, List<Connection> all, Server server, Histogram latencies, double forSeconds) throws IOException {
    Histogram done = new Histogram();
    try (Selector selector = Selector.open()) {
      for (Connection each : all) {
        each.channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, each);
      }
      double cpu = server.cpuSeconds();
      long start = System.nanoTime();
      long end = start + (long) (forSeconds * 1e9);
      long most = shape.calls() == 0 ? Long.MAX_VALUE : shape.calls();
      for (Connection each : all) {
        each.start(most);
      }
      int[] busy = {all.size()};
      while (busy[0] > 0) {
        selector.select(key -> serve(shape, (Connection) key.attachment(), end, start, done, busy));
      }
      double took = (System.nanoTime() - start) / 1e9;
      long units = all.stream().mapToLong(each -> each.units).sum();
      return result(units, took, latencies, server, cpu, done);
    }
  }

  private static void serve(Shape shape, Connection one, long end, long start, Histogram done, int[] busy) {
    try {
      long left = shape.calls() == 0
          ? System.nanoTime() < end ? Long.MAX_VALUE : 0
          : shape.calls() - one.replies - one.inFlight;
      one.receive(Math.max(left, 0));
      if (one.inFlight == 0) {
        done.add(System.nanoTime() - start);
        busy[0]--;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Result result(
      long units, double took, Histogram latencies, Server server, double cpuBefore, Histogram done) throws IOException {
    return new Result(units / took, latencies.micros(0.5), latencies.micros(0.99),
        (server.cpuSeconds() - cpuBefore) / units, done.micros(0.5) / 1e3, done.micros(0.99) / 1e3, server.residentMib());
  }
}
