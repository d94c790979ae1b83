package org.krgboot.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code krgboot test} is done by the launcher, since it builds and tests the sources. It is named
 * here so that the help lists it.
 */
@Command(
    name = "test",
    description = "Runs all tests and checks of the sources (in a source tree only).",
    footer = {"", "Examples:", "  ./krgboot test", "  ./krgboot test --nightly"})
final class TestCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("krgboot: there are no sources here; run ./krgboot test in a source tree");
    return 2;
  }
}
