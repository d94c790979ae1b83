package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.ConfigHistory;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.Problems;
import org.krgboot.settings.RawSettings;
import org.krgboot.settings.SettingKey;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsReader;
import picocli.CommandLine.Option;

/** Where the daemon that a command asks can be found: as that daemon was told. */
final class DaemonAddress {
  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "as given to the daemon (default: from its configuration)")
  @Nullable Path stateDir;

  @Option(names = "--config", paramLabel = "FILE", description = "the daemon's configuration file")
  @Nullable Path config;

  AdminClient client() throws IOException, SettingsException {
    return new AdminClient(socket());
  }

  /** The same as words for another command. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    if (stateDir != null) {
      words.addAll(List.of("--state-dir", stateDir.toString()));
    }
    if (config != null) {
      words.addAll(List.of("--config", config.toString()));
    }
    return words;
  }

  /** The file of its leases. */
  Path database() throws SettingsException {
    return Settings.databaseIn(stateDirectory());
  }

  Path stateDirectory() throws SettingsException {
    return SettingsReader.stateDirectory(settings("state-dir"));
  }

  /** The configurations that it accepted. */
  ConfigHistory history() throws SettingsException {
    return new ConfigHistory(Settings.historyIn(stateDirectory()));
  }

  /** Whether one seems to run. */
  boolean isThere() throws SettingsException {
    return Files.exists(socket());
  }

  /** What nodes mount, as the daemon was told. */
  Path nodeRoot() throws SettingsException {
    return SettingsReader.nodeRoot(settings("root"));
  }

  private Path socket() throws SettingsException {
    return SettingsReader.apiSocket(settings("state-dir"));
  }

  /** The main file of the configuration. */
  Path configuration() {
    return config != null ? config : Defaults.CONFIG_FILE;
  }

  /** Of the files only one key counts: where none has its name, they are not even parsed. */
  private RawSettings settings(String key) throws SettingsException {
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    try {
      ConfigFiles files = ConfigFiles.read(configuration());
      if (files.texts().values().stream().anyMatch(text -> text.contains(key))) {
        files.readInto(raw);
      }
    } catch (IOException e) {
      throw new SettingsException(String.valueOf(e.getMessage()));
    }
    raw.flag(SettingKey.STATE_DIR, "--state-dir", stateDir);
    problems.throwIfAny();
    return raw;
  }
}
