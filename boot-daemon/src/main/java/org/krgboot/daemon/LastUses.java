package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.krgboot.model.Ipv4;
import org.krgboot.settings.NewFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each node used last of something that has numbers, in a file: the journal forgets old
 * events, and a node may be up for years. Whoever removes numbers reads it, with or without a
 * daemon.
 */
final class LastUses<V> {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** How it stands in the file. */
  record Form<V>(Function<V, String> write, Function<String, Optional<V>> read) {
    private String line(NodeUse<V> use) {
      return use.at()
          + " "
          + use.address()
          + " "
          + use.node()
          + " "
          + write.apply(use.what())
          + "\n";
    }

    private Optional<NodeUse<V>> parse(String line) {
      String[] words = line.split(" ", 4);
      try {
        return words.length < 4
            ? Optional.empty()
            : read.apply(words[3])
                .map(what ->
                    new NodeUse<>(Instant.parse(words[0]), Ipv4.parse(words[1]), words[2], what));
      } catch (DateTimeException | IllegalArgumentException e) {
        return Optional.empty(); // a line that was cut off by a crash
      }
    }
  }

  private final Path file;
  private final Form<V> form;
  private final Executor disk;

  /** The newest of each address, guarded by itself. */
  private final Map<Ipv4, NodeUse<V>> newest = new LinkedHashMap<>();

  /** Told once; guarded by {@code newest}. */
  private boolean tooMany;

  private final AtomicBoolean due = new AtomicBoolean();

  private LastUses(Path file, Form<V> form, Executor disk) {
    this.file = file;
    this.form = form;
    this.disk = disk;
  }

  /**
   * Goes on with that file.
   *
   * @param disk on which it is written: servers do not wait for it
   */
  static <V> LastUses<V> open(Path file, Form<V> form, Executor disk) throws IOException {
    LastUses<V> uses = new LastUses<>(file, form, disk);
    for (NodeUse<V> use : read(file, form).orElse(List.of())) {
      uses.newest.put(use.address(), use);
    }
    uses.write();
    return uses;
  }

  /**
   * What is known of all nodes.
   *
   * @return empty if there is no such file
   */
  static <V> Optional<List<NodeUse<V>>> read(Path file, Form<V> form) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<Ipv4, NodeUse<V>> newest = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      form.parse(line).ifPresent(use -> newest.put(use.address(), use));
    }
    return Optional.of(List.copyOf(newest.values()));
  }

  /** Many at once are one write. */
  void note(NodeUse<V> use) {
    synchronized (newest) {
      if (!newest.containsKey(use.address()) && newest.size() >= Cluster.MOST_NODES) {
        tellOfTooMany();
        return;
      }
      if (use.equals(newest.put(use.address(), use))) {
        return;
      }
    }
    writeSoon();
  }

  private void tellOfTooMany() {
    if (!tooMany) {
      tooMany = true;
      log.error("{} holds no more than {} nodes; run no gc", file, Cluster.MOST_NODES);
    }
  }

  /** Of the node with that address. */
  Optional<V> of(Ipv4 address) {
    synchronized (newest) {
      return Optional.ofNullable(newest.get(address)).map(NodeUse::what);
    }
  }

  /** A node that uses none of them any more. */
  void forget(Ipv4 address) {
    synchronized (newest) {
      if (newest.remove(address) == null) {
        return;
      }
    }
    writeSoon();
  }

  private void writeSoon() {
    if (due.compareAndSet(false, true)) {
      disk.execute(this::writeWhatIsDue);
    }
  }

  private void writeWhatIsDue() {
    due.set(false);
    try {
      write();
    } catch (IOException e) {
      log.error("{} cannot be written: {}; run no gc until it can", file, e.toString());
    }
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder();
    synchronized (newest) {
      newest.values().forEach(use -> text.append(form.line(use)));
    }
    NewFile.replace(file, text.toString());
  }
}
