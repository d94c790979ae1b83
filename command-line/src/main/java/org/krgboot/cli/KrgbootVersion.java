package org.krgboot.cli;

import org.krgboot.daemon.KrgbootDaemon;
import picocli.CommandLine.IVersionProvider;

/** What {@code krgboot --version} says. */
final class KrgbootVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"krgboot " + KrgbootDaemon.version(), "Java " + Runtime.version()};
  }
}
