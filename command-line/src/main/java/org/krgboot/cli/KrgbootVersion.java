package org.krgboot.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it into the jar. */
final class KrgbootVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
            .orElse("(unpackaged)");
    return new String[] {"krgboot " + version, "Java " + Runtime.version()};
  }
}
