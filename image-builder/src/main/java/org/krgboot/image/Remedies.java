package org.krgboot.image;

import java.util.Map;
import org.krgboot.steps.Remedy;

/** What the tools that make roots say when they fail, and what helps. */
final class Remedies {
  static final Remedy OF_ROOTS =
      new Remedy(
          Map.of(
              "Temporary failure resolving",
              "The mirror's name has no address: check this machine's network and name servers.",
              "Could not connect",
              "The mirror does not answer: check network, proxy (http_proxy) and mirror.",
              "NO_PUBKEY",
              "The archive's key is unknown here: apt-get install debian-archive-keyring.",
              "Unable to locate package",
              "A package is not in that release: check the names of the extra packages.",
              "unable to find package",
              "A package is not in that release: check the names of the extra packages.",
              "does not have a Release file",
              "The mirror does not have that release: check its address and the release's name."));

  private Remedies() {}
}
