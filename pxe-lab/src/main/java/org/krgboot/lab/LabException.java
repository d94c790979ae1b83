package org.krgboot.lab;

/** The lab cannot go on. The message says why and what to do. */
public final class LabException extends Exception {
  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
