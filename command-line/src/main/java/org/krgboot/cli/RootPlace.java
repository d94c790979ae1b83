package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.krgboot.images.ImageStore;
import org.krgboot.images.Inventory;

/**
 * A root as commands name it: the number of an image, or a directory.
 *
 * @param image its number, unless it is a directory
 */
record RootPlace(String text, OptionalInt image) {
  static RootPlace parse(String text) {
    return new RootPlace(
        text,
        text.matches("[1-9][0-9]{0,8}")
            ? OptionalInt.of(Integer.parseInt(text))
            : OptionalInt.empty());
  }

  Path directory(ImageStore store) throws IOException {
    return image.isPresent() ? store.root(image.getAsInt()) : Path.of(text).toAbsolutePath();
  }

  Inventory inventory(ImageStore store) throws IOException {
    return image.isPresent() ? store.inventory(image.getAsInt()) : Inventory.of(directory(store));
  }
}
