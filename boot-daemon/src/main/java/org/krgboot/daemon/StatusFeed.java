package org.krgboot.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells browsers what changed, as server-sent events (HTML standard, section 9.2): first all nodes,
 * then those that changed or are no longer there, at most once a second. A slow reader gets less
 * often what is newest; nothing queues up for it.
 */
final class StatusFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** More readers are told to come back. */
  private static final int MOST_READERS = 32;

  private static final Duration TICK = Duration.ofSeconds(1);

  /** A connection that is silent for longer may be cut by what is in between. */
  private static final int SILENT_TICKS = 10;

  private final Supplier<List<NodeRow>> nodes;
  private final Supplier<Map<String, Long>> counters;
  private final InstantSource clock;
  private final Rates rates = new Rates();
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("status").daemon().factory());

  /** One browser; used by the feed's thread but for {@code isWriting} and {@code isGone}. */
  private static final class Reader implements Callback {
    final Response response;
    final Callback whole;
    final Map<String, NodeRow> told = new HashMap<>();
    int ratesTold;
    int silent;
    volatile boolean isWriting;
    volatile boolean isGone;

    Reader(Response response, Callback whole) {
      this.response = response;
      this.whole = whole;
    }

    @Override
    public void succeeded() {
      isWriting = false;
    }

    @Override
    public void failed(Throwable gone) {
      isGone = true;
      whole.failed(gone);
    }
  }

  private int ratesSeen;

  StatusFeed(
      Supplier<List<NodeRow>> nodes, Supplier<Map<String, Long>> counters, InstantSource clock) {
    this.nodes = nodes;
    this.counters = counters;
    this.clock = clock;
    sample();
    repeat(this::sample, Rates.EVERY);
    repeat(this::tell, TICK);
  }

  /** A fault in one round must not end those that follow, as the executor would have it. */
  private void repeat(Runnable round, Duration every) {
    Runnable safe =
        () -> {
          try {
            round.run();
          } catch (RuntimeException e) {
            log.error("the status page cannot be told what is new", e);
          }
        };
    var _ =
        thread.scheduleWithFixedDelay(
            safe, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void sample() {
    rates.add(clock.instant(), counters.get()).ifPresent(_ -> ratesSeen++);
  }

  /** Tells this one from now on, until it goes. */
  void add(Response response, Callback callback) {
    if (readers.size() >= MOST_READERS) {
      Answers.json(
          response,
          callback,
          HttpStatus.SERVICE_UNAVAILABLE_503,
          Map.of("error", MOST_READERS + " browsers are told already; close one"));
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Reader reader = new Reader(response, callback);
    readers.add(reader);
    thread.execute(() -> tell(List.of(reader)));
  }

  private void tell() {
    readers.removeIf(reader -> reader.isGone);
    if (!readers.isEmpty()) {
      tell(readers);
    }
  }

  private void tell(List<Reader> some) {
    List<NodeRow> rows = nodes.get();
    for (Reader reader : some) {
      if (!reader.isWriting && !reader.isGone) {
        String news = news(reader, rows);
        if (!news.isEmpty()) {
          reader.isWriting = true;
          byte[] bytes = news.getBytes(StandardCharsets.UTF_8);
          reader.response.write(false, ByteBuffer.wrap(bytes), reader);
        }
      }
    }
  }

  private String news(Reader reader, List<NodeRow> rows) {
    boolean isNew = reader.told.isEmpty() && reader.ratesTold == 0;
    StringBuilder news = new StringBuilder();
    List<NodeRow> changed =
        rows.stream().filter(row -> !row.equals(reader.told.get(row.mac()))).toList();
    if (isNew || !changed.isEmpty()) {
      changed.forEach(row -> reader.told.put(row.mac(), row));
      news.append(event("nodes", changed));
    }
    Set<String> there = rows.stream().map(NodeRow::mac).collect(Collectors.toSet());
    List<String> gone = reader.told.keySet().stream().filter(mac -> !there.contains(mac)).toList();
    if (!gone.isEmpty()) {
      gone.forEach(reader.told::remove);
      news.append(event("gone", gone));
    }
    if (isNew || reader.ratesTold < ratesSeen) {
      List<Rates.Point> all = rates.all();
      int missed = isNew ? all.size() : Math.min(ratesSeen - reader.ratesTold, all.size());
      news.append(event("rates", all.subList(all.size() - missed, all.size())));
      reader.ratesTold = ratesSeen;
    }
    reader.silent = news.isEmpty() ? reader.silent + 1 : 0;
    if (reader.silent >= SILENT_TICKS) {
      reader.silent = 0;
      return ":\n\n"; // a comment: "still here"
    }
    return news.toString();
  }

  private static String event(String name, Object data) {
    try {
      return "event: " + name + "\ndata: " + EventJson.MAPPER.writeValueAsString(data) + "\n\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError("rows have a JSON form", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    readers.forEach(reader -> reader.whole.failed(new EOFException("the daemon stops")));
  }
}
