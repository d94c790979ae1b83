package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.AdminClient;
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

  /** The file of its leases. */
  Path database() throws SettingsException {
    return Settings.databaseIn(stateDirectory());
  }

  Path stateDirectory() throws SettingsException {
    return SettingsReader.stateDirectory(settings());
  }

  /** What nodes mount, as the daemon was told. */
  Path nodeRoot() throws SettingsException {
    return SettingsReader.nodeRoot(settings());
  }

  private Path socket() throws SettingsException {
    return SettingsReader.apiSocket(settings());
  }

  private RawSettings settings() throws SettingsException {
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    if (config != null || Files.exists(Defaults.CONFIG_FILE)) {
      raw.readFile(config != null ? config : Defaults.CONFIG_FILE);
    }
    raw.flag(SettingKey.STATE_DIR, "--state-dir", stateDir);
    problems.throwIfAny();
    return raw;
  }
}
