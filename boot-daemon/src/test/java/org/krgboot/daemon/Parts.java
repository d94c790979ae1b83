package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.model.BootEvent;
import org.krgboot.nfs.Export;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.SettingKey;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsSource;

/** A daemon's inside without its servers: these are lists of what they were told. */
final class Parts {
  final List<BootEvent> events = new ArrayList<>();
  final List<DhcpConfig> dhcp = new ArrayList<>();
  final List<List<Export>> exports = new ArrayList<>();
  final Cluster cluster;
  final Path main;
  final SettingsSource source;
  final Settings settings;
  final KnownNodes known;
  final BootDesk desk;
  final Fences fences;
  final ServedFiles files;
  final Configuration configuration;
  final Operator operator;
  private final InstantSource clock;

  /** What the DHCP server says to its next configurations; empty: it takes them. */
  String refusal = "";

  Parts(Path directory, Cluster cluster, InstantSource clock) throws IOException {
    this.cluster = cluster;
    this.clock = clock;
    Path state = Files.createDirectories(directory.resolve("state"));
    this.main = Files.createDirectories(directory.resolve("etc")).resolve("krgboot.toml");
    this.source =
        new SettingsSource(
            main,
            raw -> {
              raw.flag(SettingKey.LISTEN, "--listen", "127.0.0.1");
              raw.flag(SettingKey.STATE_DIR, "--state-dir", state.toString());
            });
    try {
      this.settings = source.read(source.files());
    } catch (SettingsException e) {
      throw new IOException(e);
    }
    this.known = new KnownNodes(cluster, settings.nodes());
    this.desk =
        new BootDesk(
            settings.bootPlan(),
            BootOrders.open(settings.bootOrders()),
            cluster,
            known,
            this::accept,
            Runnable::run);
    this.fences = Fences.open(settings.fences(), cluster::isOfAnother, Runnable::run);
    this.files = new ServedFiles(settings.bootFiles(cluster::holder), fences);
    LiveServers live = new LiveServers(known, desk, files, cluster);
    live.addNfs(exports::add);
    live.addDhcp(config -> {
      if (!refusal.isEmpty()) {
        throw new IOException(refusal);
      }
      dhcp.add(config);
    });
    this.configuration = new Configuration(source, settings, live, this::accept, clock);
    this.operator = new Operator(configuration, known, cluster, fences, this::accept, clock);
  }

  private void accept(BootEvent event) {
    events.add(event);
    cluster.accept(event);
  }

  /** The main file, and one to be written. */
  Parts with(String toml) throws IOException {
    Files.writeString(main, toml);
    return this;
  }

  Path nodes() {
    return ConfigFiles.directory(main).resolve("nodes.toml");
  }

  List<String> told() {
    return events.stream().map(EventText::of).toList();
  }

  AdminRoutes routes(EventJournal journal) {
    return new AdminRoutes(
        cluster,
        known,
        journal.history(),
        desk,
        operator,
        new AdminRoutes.Serving(() -> Map.of("dhcp.malformed", 3L), _ -> Optional.of(7), clock));
  }
}
