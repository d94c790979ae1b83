package org.krgboot.importers;

import java.util.Optional;

/**
 * The root of a node as option 17 and {@code nfsroot=} say it: {@code [server:]/path[,options]}.
 *
 * @param options without the comma before them
 */
record RootPath(Optional<String> server, String path, String options) {
  static RootPath parse(String text) {
    int slash = text.indexOf('/');
    int colon = text.indexOf(':');
    boolean hasServer = colon > 0 && colon < slash;
    String rest = hasServer ? text.substring(colon + 1) : text;
    int comma = rest.indexOf(',');
    return new RootPath(
        hasServer ? Optional.of(text.substring(0, colon)) : Optional.empty(),
        comma < 0 ? rest : rest.substring(0, comma),
        comma < 0 ? "" : rest.substring(comma + 1));
  }
}
