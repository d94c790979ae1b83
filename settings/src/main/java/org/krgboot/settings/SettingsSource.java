package org.krgboot.settings;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where settings come from, so that they can be read again.
 *
 * @param main the main file; it need not be there
 * @param flags what the command line says; it goes over the files
 */
public record SettingsSource(Path main, Consumer<RawSettings> flags) {
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
    files.readInto(raw);
    flags.accept(raw);
    try {
      return SettingsReader.read(raw, problems, HostInterface.all());
    } catch (SocketException e) {
      throw new SettingsException("the network interfaces cannot be listed: " + e.getMessage());
    }
  }
}
