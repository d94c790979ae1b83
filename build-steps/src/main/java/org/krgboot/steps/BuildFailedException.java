package org.krgboot.steps;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Nothing was built. The message says why and what to do; nothing is under the final name. */
public final class BuildFailedException extends Exception {
  private static final long serialVersionUID = 1;

  /** With what a person has to know. */
  public BuildFailedException(String message) {
    super(message);
  }

  /** What went wrong, for people: some exceptions say the file's name only. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> gone.getFile() + " is not there";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException there -> there.getFile() + " is there already";
      default -> String.valueOf(e.getMessage());
    };
  }

  /** The same, with where it came from. */
  public BuildFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
