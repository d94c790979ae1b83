package org.krgboot.importers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.krgboot.model.Ipv4;

/**
 * {@code /etc/kerrighed_nodes}: {@code session=}, {@code nbmin=} and {@code HOST:ID[:DEVICE]}. They
 * become kernel parameters; node ids are the last octets of the addresses, by {@code autonodeid=1}.
 */
final class KerrighedNodes {
  private static final Pattern SETTING = Pattern.compile("(session|nbmin)\\s*=\\s*([0-9]{1,4})");
  private static final Pattern NODE = Pattern.compile("([^:\\s]+):([0-9]{1,3})(:\\S+)?");

  private KerrighedNodes() {}

  static void read(String file, String text, Draft draft) {
    Map<String, Ipv4> hosts = new HashMap<>();
    for (Draft.HostDraft host : draft.hosts) {
      host.addresses.stream()
          .findFirst()
          .ifPresent(address -> {
            hosts.putIfAbsent(host.label, address);
            host.name.ifPresent(name -> hosts.putIfAbsent(name.text(), address));
          });
    }
    for (Lines.Line line : Lines.of(file, text)) {
      String content = line.text().replaceFirst("#.*", "").strip();
      Matcher setting = SETTING.matcher(content);
      Matcher node = NODE.matcher(content);
      if (setting.matches()) {
        String parameter = setting.group(1).equals("session") ? "session_id=" : "nb_nodes_min=";
        draft.append(parameter + setting.group(2), line.place());
      } else if (node.matches()) {
        // What DHCP gives a host is what it has, whatever the hosts file says.
        Optional<Ipv4> address =
            Optional.ofNullable(hosts.get(node.group(1)))
                .or(() -> EthersFile.address(node.group(1), draft));
        int id = Integer.parseInt(node.group(2));
        node(line.place(), node.group(1), address, id, draft);
      } else if (!content.isEmpty()) {
        draft.report().error(line.place(), "a line is session=N, nbmin=N or HOST:ID");
      }
    }
  }

  private static void node(Place place, String host, Optional<Ipv4> address, int id, Draft draft) {
    draft.append("autonodeid=1", place);
    if (address.isEmpty()) {
      draft
          .report()
          .ignored(
              place, "'" + host + "' has no known address; its id is the last octet of that here");
    } else if (address.get().octet(3) == id) {
      draft.report().used(place, "the last octet of " + address.get() + " is its id");
    } else {
      draft
          .report()
          .conflict(
              place,
              host
                  + " has the id "
                  + address.get().octet(3)
                  + " here, after its address, not "
                  + id);
    }
  }
}
