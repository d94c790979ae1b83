package org.krgboot.nfs;

import java.util.List;

/**
 * What an exports file says, exports(5).
 *
 * @param exports one for each path, in the order of the file
 * @param notes what was accepted and is not as somebody may think, such as options without effect
 */
public record ExportsFile(List<Export> exports, List<Note> notes) {
  /**
   * A remark on a line of the file.
   *
   * @param place {@code exports:12}
   */
  public record Note(String place, String text) {
    @Override
    public String toString() {
      return place + ": " + text;
    }
  }

  public ExportsFile {
    exports = List.copyOf(exports);
    notes = List.copyOf(notes);
  }

  /**
   * Reads a whole file. Touches nothing but what it is given; directories are not looked at.
   *
   * @param name of the file, for messages
   * @param names asked for the hosts in it, now and never again
   * @throws ExportsException if anything in it cannot be served as written; has all that is wrong
   */
  public static ExportsFile parse(String name, byte[] content, HostNames names)
      throws ExportsException {
    return new ExportsReader(name, names).read(content);
  }
}
