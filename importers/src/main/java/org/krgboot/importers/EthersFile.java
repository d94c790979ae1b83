package org.krgboot.importers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/** {@code /etc/ethers}, ethers(5): MAC addresses with a name or an address. */
final class EthersFile {
  private EthersFile() {}

  static void read(String file, String text, Draft draft) {
    Map<String, Draft.HostDraft> known = new HashMap<>();
    draft.hosts.forEach(host -> host.id.ifPresent(id -> known.putIfAbsent(id, host)));
    draft.ethersRead = true;
    for (Lines.Line line : Lines.of(file, text)) {
      String[] words = line.text().replaceFirst("#.*", "").strip().split("\\s+", -1);
      Optional<String> mac = DraftAssembly.mac(words[0]);
      if (words.length >= 2 && mac.isPresent()) {
        Draft.HostDraft other = known.get(mac.get());
        if (other == null) {
          known.put(mac.get(), host(line.place(), mac.get(), words[1], draft));
        } else {
          again(line.place(), other, words[1], draft);
        }
      } else if (!words[0].isEmpty()) {
        draft.report().error(line.place(), "a line has a MAC address and a name or address");
      }
    }
  }

  private static void again(Place place, Draft.HostDraft known, String of, Draft draft) {
    Optional<Ipv4> address = address(of, draft);
    if (address.isEmpty() || known.addresses.contains(address.get())) {
      draft.report().needless(place, "the host " + known.label + " is known already");
    } else {
      draft
          .report()
          .conflict(place, "the host " + known.label + " has another address, which holds");
    }
  }

  private static Draft.HostDraft host(Place place, String mac, String of, Draft draft) {
    Optional<Ipv4> address = address(of, draft);
    Draft.HostDraft host = new Draft.HostDraft(place, of, new ScopeDraft());
    host.id = Optional.of(mac);
    address.ifPresent(host.addresses::add);
    if (address.isEmpty() || !of.equals(address.get().toString())) {
      name(of).ifPresent(name -> host.name = Optional.of(name));
    }
    draft.hosts.add(host);
    draft.report().used(place, "the host " + of + address.map(each -> " at " + each).orElse(""));
    return host;
  }

  static Optional<NodeName> name(String text) {
    try {
      return Optional.of(new NodeName(text.replaceFirst("\\..*", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Optional<Ipv4> address(String text, Draft draft) {
    try {
      return Optional.of(Ipv4.parse(text));
    } catch (IllegalArgumentException e) {
      return draft.addressOf(text);
    }
  }
}
