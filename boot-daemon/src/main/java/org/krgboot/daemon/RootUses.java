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
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.RootVersion;
import org.krgboot.settings.NewFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version of the root each node mounted last, in a file: the journal forgets old events, and
 * a node may be up for years. Whoever removes images reads it, with or without a daemon.
 */
public final class RootUses implements BootEvent.Sink {
  private static final Logger log = LoggerFactory.getLogger("krgboot");
  private static final String FILE = "root-uses";

  /**
   * A node that mounted a version, and no other since.
   *
   * @param node its name if that is known, else its address
   */
  public record Use(Instant at, Ipv4 address, String node, RootVersion version) {
    private String line() {
      return at + " " + address + " " + node + " " + version.path() + "\n";
    }

    private static Optional<Use> parse(String line) {
      String[] words = line.split(" ", 4);
      try {
        return words.length < 4
            ? Optional.empty()
            : RootVersion.of(Path.of(words[3]))
                .map(version ->
                    new Use(Instant.parse(words[0]), Ipv4.parse(words[1]), words[2], version));
      } catch (DateTimeException | IllegalArgumentException e) {
        return Optional.empty(); // a line that was cut off by a crash
      }
    }
  }

  private final Path file;
  private final Cluster cluster;
  private final Executor disk;

  /** The newest of each address, guarded by itself. */
  private final Map<Ipv4, Use> newest = new LinkedHashMap<>();

  private final AtomicBoolean due = new AtomicBoolean();

  private RootUses(Path file, Cluster cluster, Executor disk) {
    this.file = file;
    this.cluster = cluster;
    this.disk = disk;
  }

  /**
   * Goes on with the file of that directory.
   *
   * @param disk on which it is written: servers do not wait for it
   */
  static RootUses open(Path stateDirectory, Cluster cluster, Executor disk) throws IOException {
    RootUses uses = new RootUses(stateDirectory.resolve(FILE), cluster, disk);
    for (Use use : read(stateDirectory).orElse(List.of())) {
      uses.newest.put(use.address(), use);
    }
    uses.write();
    return uses;
  }

  /**
   * What is known of all nodes.
   *
   * @param stateDirectory of the daemon
   * @return empty if no daemon has ever kept its state there
   */
  public static Optional<List<Use>> read(Path stateDirectory) throws IOException {
    Path file = stateDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<Ipv4, Use> newest = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      Use.parse(line).ifPresent(use -> newest.put(use.address(), use));
    }
    return Optional.of(List.copyOf(newest.values()));
  }

  @Override
  public void accept(BootEvent event) {
    if (event instanceof BootEvent.RootMounted(Instant at, Ipv4 address, String path)) {
      RootVersion.of(Path.of(path))
          .ifPresent(version -> {
            note(new Use(at, address, cluster.label(event), version));
          });
    }
  }

  /** A node that mounts again what it has changes nothing; many at once are one write. */
  private void note(Use use) {
    synchronized (newest) {
      Use before = newest.get(use.address());
      if ((before != null && before.version().equals(use.version()))
          || (before == null && newest.size() >= Cluster.MOST_NODES)) {
        return;
      }
      newest.put(use.address(), use);
    }
    if (due.compareAndSet(false, true)) {
      disk.execute(this::writeWhatIsDue);
    }
  }

  private void writeWhatIsDue() {
    due.set(false);
    try {
      write();
    } catch (IOException e) {
      log.error("{} cannot be written: {}; do not run image gc until it can", file, e.toString());
    }
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder();
    synchronized (newest) {
      newest.values().forEach(use -> text.append(use.line()));
    }
    NewFile.replace(file, text.toString());
  }
}
