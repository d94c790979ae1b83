package org.krgboot.settings;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * Where settings come from, so that they can be read again. A file that is as it was is not parsed
 * again: of all that is done for a change of one node among thousands, that would take longest.
 */
public final class SettingsSource {
  private final Path main;
  private final Consumer<RawSettings> flags;
  private final Map<String, Parsed> parsed = new ConcurrentHashMap<>();

  /** One file's newest. */
  private record Parsed(String text, TomlParseResult toml) {}

  /**
   * Reads nothing yet.
   *
   * @param main the main file; it need not be there
   * @param flags what the command line says; it goes over the files
   */
  public SettingsSource(Path main, Consumer<RawSettings> flags) {
    this.main = main;
    this.flags = flags;
  }

  /** Where the main file is, or would be. */
  public Path main() {
    return main;
  }

  private TomlParseResult parsed(String name, String text) {
    Parsed known = parsed.get(name);
    if (known == null || !known.text().equals(text)) {
      known = new Parsed(text, Toml.parse(text));
      parsed.put(name, known);
    }
    return known.toml();
  }

  /**
   * The file of nodes that commands write.
   *
   * @throws SettingsException with everything that is wrong with it
   */
  public NodesFile nodes(ConfigFiles files) throws SettingsException {
    return NodesFile.of(parsed(files.nodesName(), files.text(files.nodesName())));
  }

  /**
   * The files as they are now.
   *
   * @throws SettingsException if they cannot be read
   */
  public ConfigFiles files() throws SettingsException {
    try {
      return ConfigFiles.read(main);
    } catch (IOException e) {
      throw new SettingsException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Files and flags together, checked against this machine.
   *
   * @throws SettingsException with everything that is wrong
   */
  public Settings read(ConfigFiles files) throws SettingsException {
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    files.texts().forEach((name, text) -> raw.read(name, parsed(name, text)));
    flags.accept(raw);
    try {
      return SettingsReader.read(raw, problems, HostInterface.all());
    } catch (SocketException e) {
      throw new SettingsException("the network interfaces cannot be listed: " + e.getMessage());
    }
  }
}
