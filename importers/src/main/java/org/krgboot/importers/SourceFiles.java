package org.krgboot.importers;

import java.io.IOException;
import java.util.List;

/** Where the files come from that an imported file names. */
@FunctionalInterface
public interface SourceFiles {
  /** The largest file that is read. */
  int LARGEST = 16 << 20;

  /**
   * The content of a file.
   *
   * @param path as written; a relative one is relative to the directory of the file that is
   *     imported
   * @throws IOException with a reason for the report
   */
  byte[] read(String path) throws IOException;

  /**
   * The files of a directory, by their names in order, each to be read as the directory is named.
   *
   * @throws IOException with a reason for the report
   */
  default List<String> list(String directory) throws IOException {
    throw new IOException("there is no such directory");
  }

  /** There are none. */
  static SourceFiles none() {
    return path -> {
      throw new IOException("there is no such file");
    };
  }
}
