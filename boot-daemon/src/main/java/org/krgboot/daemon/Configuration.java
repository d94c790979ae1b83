package org.krgboot.daemon;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.krgboot.model.BootEvent;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.ConfigHistory;
import org.krgboot.settings.NodesFile;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration that holds, and how another one takes its place: all of it or nothing. Each
 * that was accepted is kept by its number. Thread-safe.
 */
final class Configuration {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** What serves by it. */
  @FunctionalInterface
  interface Servers {
    /**
     * Serves by the next settings from now on.
     *
     * @throws IOException if that cannot be; then all is as before, and the message says why
     */
    void take(Settings before, Settings next) throws IOException;
  }

  /**
   * What was accepted.
   *
   * @param number 0 if it could not be kept
   * @param changes in words
   */
  record Accepted(long number, String changes) {}

  private final SettingsSource source;
  private final ConfigHistory history;
  private final Servers servers;
  private final BootEvent.Sink events;
  private final InstantSource clock;
  private Settings now;

  /** Nothing is read or kept yet. */
  Configuration(
      SettingsSource source,
      Settings now,
      Servers servers,
      BootEvent.Sink events,
      InstantSource clock) {
    this.source = source;
    this.now = now;
    this.history = new ConfigHistory(now.history());
    this.servers = servers;
    this.events = events;
    this.clock = clock;
  }

  /** Keeps what the daemon was started with; it runs also where that cannot be kept. */
  synchronized void started(ConfigFiles files) {
    try {
      Instant at = clock.instant();
      long number = history.add(files, at, "start").number();
      events.accept(
          new BootEvent.ConfigurationRead(at, BootEvent.Reading.ACCEPTED, number, "start"));
    } catch (IOException e) {
      log.warn("{}", e.getMessage());
    }
  }

  /**
   * Reads the files again.
   *
   * @param by who wants it, for the journal
   * @throws IOException if the configuration stays as it is; has all that is wrong, a line each
   */
  synchronized Accepted reload(String by) throws IOException {
    try {
      ConfigFiles files = source.files();
      return accept(files, files, by);
    } catch (IOException | SettingsException e) {
      throw refused(by, e);
    }
  }

  /**
   * Writes another file of nodes, and takes it.
   *
   * @param by what was done to it, for the journal
   * @throws IOException as of {@link #reload}; then the file is as it was
   * @throws IllegalArgumentException if the change makes no sense; likewise
   */
  synchronized Accepted change(UnaryOperator<NodesFile> change, String by) throws IOException {
    try {
      ConfigFiles before = source.files();
      String name = before.nodesName();
      NodesFile changed = change.apply(source.nodes(before));
      return accept(before, before.with(name, changed.text()), by);
    } catch (IOException | SettingsException e) {
      throw refused(by, e);
    }
  }

  /**
   * Makes the files again what they were, and takes them. They get a new number.
   *
   * @throws IOException as of {@link #reload}; then the files are as they were
   */
  synchronized Accepted rollback(long number) throws IOException {
    String by = "rollback to " + number;
    try {
      ConfigFiles before = source.files();
      ConfigFiles wanted = history.files(number, source.main());
      // What nobody has accepted yet would be lost.
      history.add(before, clock.instant(), "as found before the " + by);
      return accept(before, wanted, by);
    } catch (IOException | SettingsException e) {
      throw refused(by, e);
    }
  }

  private Accepted accept(ConfigFiles before, ConfigFiles files, String by)
      throws IOException, SettingsException {
    Settings next = source.read(files);
    List<String> fixed = RestartOnly.changed(now, next);
    if (!fixed.isEmpty()) {
      throw new IOException(
          String.join("; ", fixed)
              + (fixed.size() == 1 ? " needs" : " need")
              + " a restart, so nothing was taken; restart krgboot (nodes that run do not notice), or"
              + " change that back");
    }
    Instant at = clock.instant();
    ConfigHistory.Version version = history.add(files, at, by);
    boolean isNew = version.at().equals(at);
    try {
      if (!files.equals(before)) {
        files.writeOver(before);
      }
      servers.take(now, next);
    } catch (IOException | RuntimeException e) {
      try {
        undo(before, files, isNew ? List.of(version) : List.of());
      } catch (IOException failed) {
        e.addSuppressed(failed);
        log.error("what is as it was, but not on the disk: {}", failed.getMessage());
      }
      throw e;
    }
    List<String> changes = Changes.between(now, next);
    now = next;
    events.accept(
        new BootEvent.ConfigurationRead(at, BootEvent.Reading.ACCEPTED, version.number(), by));
    next.nfs().ifPresent(nfs -> nfs.notes().forEach(note -> log.warn("{}", note)));
    next.dhcp().ifPresent(dhcp -> dhcp.notes().forEach(note -> log.warn("{}", note)));
    return new Accepted(
        version.number(), changes.isEmpty() ? "nothing changed" : String.join(", ", changes));
  }

  private void undo(ConfigFiles before, ConfigFiles files, List<ConfigHistory.Version> kept)
      throws IOException {
    if (!files.equals(before)) {
      before.writeOver(files);
    }
    for (ConfigHistory.Version version : kept) {
      history.remove(version);
    }
  }

  private IOException refused(String by, Exception cause) {
    String why = String.valueOf(cause.getMessage());
    String first = why.lines().findFirst().orElse("");
    long more = why.lines().count() - 1;
    events.accept(
        new BootEvent.ConfigurationRead(
            clock.instant(),
            BootEvent.Reading.REFUSED,
            0,
            by + ": " + first + (more > 0 ? " (and " + more + " more)" : "")));
    return new IOException(why, cause);
  }
}
