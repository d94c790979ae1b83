package org.krgboot.steps;

/** Nothing was built. The message says why and what to do; nothing is under the final name. */
public final class BuildFailedException extends Exception {
  private static final long serialVersionUID = 1;

  /** With what a person has to know. */
  public BuildFailedException(String message) {
    super(message);
  }

  /** The same, with where it came from. */
  public BuildFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
