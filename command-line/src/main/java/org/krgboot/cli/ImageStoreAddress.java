package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.krgboot.images.ImageStore;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where images are. */
final class ImageStoreAddress {
  @Mixin DaemonAddress daemon = new DaemonAddress();

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "where images are (default: images in the daemon's state directory)")
  @Nullable Path images;

  private Path directory() throws SettingsException {
    return images == null ? daemon.stateDirectory().resolve("images") : images;
  }

  /** To change it. */
  ImageStore open() throws IOException, SettingsException {
    return ImageStore.open(directory());
  }

  /** To look at it. */
  ImageStore look() throws SettingsException {
    return ImageStore.look(directory());
  }
}
