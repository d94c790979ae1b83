package org.krgboot.importers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/** {@code /etc/hosts}, hosts(5): names of machines, for files that name them. */
final class HostsFile {
  private HostsFile() {}

  static void read(String file, String text, Draft draft) {
    for (Lines.Line line : Lines.of(file, text)) {
      String[] words = line.text().replaceFirst("#.*", "").strip().split("\\s+", -1);
      if (words[0].isEmpty()) {
        continue;
      }
      Optional<Ipv4> address = address(words[0]);
      List<String> names = Arrays.asList(words).subList(1, words.length);
      if (address.isPresent() && !names.isEmpty()) {
        if (address.get().octet(0) == 127) {
          draft.report().needless(line.place(), "this machine's own address");
        } else {
          draft.name(address.get(), names);
          draft.report().used(line.place(), names.getFirst() + " is " + address.get());
        }
      } else if (words[0].indexOf(':') >= 0) {
        draft.report().needless(line.place(), "IPv6 is not served");
      } else {
        draft.report().error(line.place(), "a line has an address and its names");
      }
    }
  }

  private static Optional<Ipv4> address(String text) {
    try {
      return Optional.of(Ipv4.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
