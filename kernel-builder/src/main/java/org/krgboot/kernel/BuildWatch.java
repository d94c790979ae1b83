package org.krgboot.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what make and the compiler say: how far they are, and what went wrong first. */
final class BuildWatch {
  /** kbuild's short form: {@code CC init/main.o}. */
  private static final Pattern MADE = Pattern.compile(" {2}[A-Z][A-Z0-9_]*( \\[M\\])? +\\S.*");

  private static final Pattern ERROR =
      Pattern.compile(
          ".*(: (fatal )?error:|: Error:|undefined reference to|multiple definition of"
              + "|: internal compiler error|No space left on device|: not found).*");
  private static final Pattern MAKE_ERROR = Pattern.compile("make(\\[[0-9]+\\])?: \\*\\*\\* .*");
  private static final Duration EACH = Duration.ofSeconds(10);
  private static final int AROUND = 6;

  private final Optional<Integer> lastCount;
  private final List<String> error = new ArrayList<>();
  private final List<String> lastMakeError = new ArrayList<>();
  private String before = "";
  private long start;
  private long told;
  private int count;
  private boolean begun;

  /**
   * Of one program.
   *
   * @param lastCount how many files the last whole build made, if that is known
   */
  BuildWatch(Optional<Integer> lastCount) {
    this.lastCount = lastCount.filter(each -> each > 0);
  }

  /**
   * Takes a line.
   *
   * @param now in nanoseconds
   * @return what to tell the person who waits, now and then
   */
  Optional<String> line(String line, long now) {
    if (!begun) {
      begun = true;
      start = now;
      told = now;
    }
    keepError(line);
    if (MADE.matcher(line).matches()) {
      count++;
    }
    if (now - told < EACH.toNanos()) {
      return Optional.empty();
    }
    told = now;
    return Optional.of(progress(Duration.ofNanos(now - start)));
  }

  private void keepError(String line) {
    if (error.isEmpty() && ERROR.matcher(line).matches()) {
      if (before.contains(": In function") || before.startsWith("In file included")) {
        error.add(before);
      }
      error.add(line);
    } else if (!error.isEmpty() && error.size() < AROUND && line.matches(" *[0-9]* \\|.*")) {
      error.add(line);
    }
    if (lastMakeError.isEmpty() && MAKE_ERROR.matcher(line).matches()) {
      lastMakeError.add(line);
    }
    before = line;
  }

  private String progress(Duration passed) {
    if (lastCount.isEmpty() || count == 0) {
      return count + " files so far";
    }
    int all = Math.max(lastCount.get(), count);
    long left = passed.toSeconds() * (all - count) / count;
    return String.format(
        Locale.ROOT,
        "%d of about %d files, %d %%; about %s left",
        count,
        all,
        100L * count / all,
        left < 90 ? left + " s" : (left + 30) / 60 + " min");
  }

  int count() {
    return count;
  }

  /** The first error and what belongs to it; empty if none was seen. */
  List<String> firstError() {
    return error.isEmpty() ? lastMakeError : error;
  }
}
