package org.krgboot.settings;

/** The settings cannot be used. The message has one line a problem, each with its place. */
public final class SettingsException extends Exception {
  public SettingsException(String message) {
    super(message);
  }
}
