package org.krgboot.cli;

import org.krgboot.model.KernelVersion;
import picocli.CommandLine.Option;

/** The name under which a kernel is published. */
final class PublishedName {
  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "the name that the configuration has for it (default: ${DEFAULT-VALUE})",
      defaultValue = KernelVersion.DEFAULT)
  String name = KernelVersion.DEFAULT;
}
