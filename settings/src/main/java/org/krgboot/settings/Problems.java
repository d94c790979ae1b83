package org.krgboot.settings;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with the settings, so that all of it is told at once. */
public final class Problems {
  private final List<String> found = new ArrayList<>();
  private boolean isOfTheMachine;

  /**
   * Adds one.
   *
   * @param place where it stands: {@code krgboot.toml:14} or {@code --range}
   * @param what what is wrong and what would be right
   */
  void add(String place, String what) {
    found.add(place + ": " + what);
  }

  /**
   * Adds one that may mend itself: what the settings want of this machine is not there at present.
   */
  void addOfTheMachine(String place, String what) {
    isOfTheMachine = true;
    add(place, what);
  }

  boolean any() {
    return !found.isEmpty();
  }

  /** Throws with everything found so far, if anything was. */
  public void throwIfAny() throws SettingsException {
    if (any()) {
      throw new SettingsException(
          String.join("\n", found),
          isOfTheMachine ? SettingsException.Cause.MACHINE : SettingsException.Cause.SETTINGS);
    }
  }
}
