package org.krgboot.image;

/** A root was not built. The message says why and what to do; nothing is under the final name. */
public final class BuildFailedException extends Exception {
  BuildFailedException(String message) {
    super(message);
  }

  BuildFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
