package org.krgboot.daemon;

/** The settings cannot be used. The message has one line a problem, each with its place. */
final class SettingsException extends Exception {
  SettingsException(String message) {
    super(message);
  }
}
