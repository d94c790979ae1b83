package org.krgboot.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.krgboot.steps.BuildProgress;

/** The steps of a build, one line each, with the seconds since it began. */
final class BuildLines implements BuildProgress {
  private final PrintStream out;
  private final long start = System.nanoTime();

  BuildLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void step(int number, int of, String what) {
    out.printf(
        Locale.ROOT,
        "%5.0f s  %d of %d: %s%n",
        (System.nanoTime() - start) / 1e9,
        number,
        of,
        what);
  }

  @Override
  public void note(String line) {
    out.println("         " + line);
  }
}
