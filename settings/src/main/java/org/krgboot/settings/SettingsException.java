package org.krgboot.settings;

/** The settings cannot be used. The message has one line a problem, each with its place. */
public final class SettingsException extends Exception {
  /** What has to change before it is worth trying again. */
  public enum Cause {
    SETTINGS,
    /** Perhaps a network interface gets its address later. */
    MACHINE
  }

  private final Cause cause;

  public SettingsException(String message) {
    this(message, Cause.SETTINGS);
  }

  SettingsException(String message, Cause cause) {
    super(message);
    this.cause = cause;
  }

  /** What is in the way. */
  public Cause cause() {
    return cause;
  }
}
