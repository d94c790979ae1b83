package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code macadr-eth1.txt} of DRBL: the nodes' MAC addresses in the order of their power-on. */
final class MacList {
  /** One address with its line. */
  record Mac(Place place, String mac) {}

  private MacList() {}

  static List<Mac> macs(String file, String text, Report report) {
    List<Mac> macs = new ArrayList<>();
    for (Lines.Line line : Lines.of(file, text)) {
      String content = line.text().replaceFirst("#.*", "").strip();
      if (!content.isEmpty()) {
        Optional<String> mac = DraftAssembly.mac(content.split("\\s+", -1)[0]);
        mac.ifPresentOrElse(
            each -> macs.add(new Mac(line.place(), each)),
            () -> report.error(line.place(), "a line is a MAC address"));
      }
    }
    return macs;
  }

  /** On its own: hosts that are known, with addresses of the pool. */
  static void read(String file, String text, Draft draft) {
    for (Mac mac : macs(file, text, draft.report())) {
      Draft.HostDraft host = new Draft.HostDraft(mac.place(), mac.mac(), new ScopeDraft());
      host.id = Optional.of(mac.mac());
      draft.hosts.add(host);
      draft.report().used(mac.place(), "the host " + mac.mac());
    }
  }
}
