package org.krgboot.nfs;

import java.util.List;

/** An exports file cannot be used. Has one problem a line, each with its place. */
public final class ExportsException extends Exception {
  private static final long serialVersionUID = 1;
  private final transient List<ExportsFile.Note> problems;

  ExportsException(List<ExportsFile.Note> problems) {
    super(String.join("\n", problems.stream().map(ExportsFile.Note::toString).toList()));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, and what would be right, in the order of the file. */
  public List<ExportsFile.Note> problems() {
    return problems;
  }
}
