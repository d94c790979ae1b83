package org.krgboot.importers;

/** Times in seconds, as most formats write them. */
final class Durations {
  /** What our own configuration takes. */
  private static final long SHORTEST = 60;

  private static final long LONGEST = 365L * 86_400;

  private Durations() {}

  /** Says a time; one out of our bounds becomes the nearest inside, and is told. */
  static void say(ScopeKey key, String text, Place place, ScopeDraft scope, Report report) {
    boolean infinite = text.equalsIgnoreCase("infinite");
    if (!infinite && !text.matches("[0-9]{1,10}")) {
      report.error(place, "'" + text + "' is not a number of seconds");
      return;
    }
    long seconds = infinite ? 0xffffffffL : Long.parseLong(text);
    long held = Math.clamp(seconds, SHORTEST, LONGEST);
    scope.say(key, held + "s", place, report);
    if (infinite) {
      report.used(place, key.text() + " = " + held + "s, the longest there is; nodes renew it");
    } else if (held == seconds) {
      report.used(place, key.text() + " = " + held + "s");
    } else {
      report.conflict(place, key.text() + " is 60 s to 365 days here; it becomes " + held + "s");
    }
  }
}
