package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.BootEvent;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.SettingKey;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsSource;

/**
 * The boot server inside a bigger program.
 *
 * <pre>{@code
 * try (KrgbootDaemon daemon =
 *     KrgbootDaemon.builder()
 *         .set(SettingKey.INTERFACE, "eth1")
 *         .set(SettingKey.STATE_DIR, "/var/lib/appliance/boot")
 *         .onEvent(event -> System.out.println(event))
 *         .start()) {
 *   daemon.nodes().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>It never ends the process, installs no signal handler and keeps nothing in static fields:
 * several can run in one JVM, each with a state directory and ports of its own. What belongs to the
 * process and is changed: an NFS server sets the umask to 0, since clients send modes that have
 * their own umask applied. The JVM needs {@code --enable-native-access=ALL-UNNAMED}.
 */
public final class KrgbootDaemon implements AutoCloseable {
  private final Daemon daemon;
  private final Settings settings;

  private KrgbootDaemon(Daemon daemon, Settings settings) {
    this.daemon = daemon;
    this.settings = settings;
  }

  /** A daemon with nothing but defaults, which reads no file. */
  public static Builder builder() {
    return new Builder();
  }

  /** Of the package, else as the build wrote it into the jar, else {@code unpackaged}. */
  public static String version() {
    String ofTheJar = KrgbootDaemon.class.getPackage().getImplementationVersion();
    return System.getProperty("krgboot.version", ofTheJar == null ? "unpackaged" : ofTheJar);
  }

  /** What the daemon is to be like. Used by one thread. */
  public static final class Builder {
    private final Map<SettingKey, Object> set = new EnumMap<>(SettingKey.class);
    private @Nullable Path file;
    private final List<Consumer<BootEvent>> listeners = new ArrayList<>();

    private Builder() {}

    /** Reads a krgboot.toml, and krgboot.d beside it; what is {@link #set} goes over them. */
    public Builder configuration(Path configuration) {
      file = configuration;
      return this;
    }

    /**
     * Sets one key as the file would.
     *
     * @param value text, a number, a boolean, or a list of them
     */
    public Builder set(SettingKey key, Object value) {
      set.put(key, value);
      return this;
    }

    /**
     * Tells what the servers see nodes do.
     *
     * @param listener called on the servers' threads: it must return at once and throw nothing
     */
    public Builder onEvent(Consumer<BootEvent> listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * Starts all servers; returns when all of them answer.
     *
     * @throws SettingsException with everything that is wrong with the settings
     * @throws IOException if a server cannot start: which port or file is in the way, and who holds
     *     it. Nothing runs then
     */
    public KrgbootDaemon start() throws IOException, SettingsException {
      Map<SettingKey, Object> asSet = new EnumMap<>(set); // what is said later is for the next one
      List<Consumer<BootEvent>> heardBy = List.copyOf(listeners);
      SettingsSource source =
          new SettingsSource(
              main().toAbsolutePath(),
              raw -> asSet.forEach((key, value) -> raw.flag(key, key.text(), value)));
      ConfigFiles files = source.files();
      Settings settings = source.read(files);
      BootEvent.Sink sink = event -> heardBy.forEach(listener -> listener.accept(event));
      return new KrgbootDaemon(Daemon.start(settings, source, files, sink), settings);
    }

    /** Where there is no file, none is there: below the state, where none but ours would be put. */
    private Path main() {
      return file != null
          ? file
          : Path.of(set.getOrDefault(SettingKey.STATE_DIR, "/var/lib/krgboot").toString())
              .resolve("krgboot.toml");
    }
  }

  /** All nodes that were seen, and those of the configuration, by name. */
  public List<NodeRow> nodes() {
    return daemon.nodes();
  }

  /** Everything that is counted since the start, by name; docs/metrics.md says what it is. */
  public Map<String, Long> counters() {
    return daemon.counters();
  }

  /**
   * The servers that do not do their work.
   *
   * @param within how long each is waited for
   */
  public List<String> silentServers(Duration within) {
    return daemon.silentServers(within);
  }

  /** The Unix socket of the admin API, as of {@code krgboot --state-dir}. */
  public Path apiSocket() {
    return settings.apiSocket();
  }

  /** Stops all servers, in the opposite order of their start; nodes find the next one as it was. */
  @Override
  public void close() {
    daemon.close();
  }
}
