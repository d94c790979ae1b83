package org.krgboot.importers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.model.Subnet;

/**
 * {@code drblpush.conf}, the answers that DRBL's wizard keeps. It names interfaces and last octets;
 * which network that is only the machine knows, or the dhcpd.conf that DRBL wrote: read that first.
 */
final class Drblpush {
  private static final Set<String> MEANINGLESS =
      Set.of(
          "nisdomain",
          "localswapfile",
          "client_init",
          "login_gdm_opt",
          "timed_login_time",
          "maxswapsize",
          "ocsroot",
          "drbl_mode",
          "clonezilla_mode",
          "clonezilla_home",
          "set_client_system_select",
          "use_graphic_pxelinux_menu",
          "add_start_drbl_services_after_cfg",
          "continue_with_one_port",
          "open_thin_client_option",
          "client_system_boot_timeout",
          "language",
          "set_DBN_client_audio_plugdev",
          "open_public_ip_opt",
          "set_client_public_ip_opt",
          "total_client_no",
          "create_account",
          "account_passwd_length",
          "hosts",
          "purge_client",
          "client_autologin_passwd",
          "client_root_passwd",
          "client_pxelinux_passwd",
          "user_autologin");

  private final Draft draft;
  private final Report report;
  private final SourceFiles files;
  private final Map<String, Map<String, Lines.Line>> sections = new LinkedHashMap<>();

  private Drblpush(SourceFiles files, Draft draft) {
    this.files = files;
    this.draft = draft;
    this.report = draft.report();
  }

  static void read(String file, String text, SourceFiles files, Draft draft) {
    Drblpush reader = new Drblpush(files, draft);
    String section = "";
    for (Lines.Line line : Lines.of(file, text)) {
      String content = line.text().replaceFirst("^\\s*#.*", "").strip();
      int equals = content.indexOf('=');
      if (content.startsWith("[") && content.endsWith("]")) {
        section = content.substring(1, content.length() - 1);
        reader.sections.putIfAbsent(section, new LinkedHashMap<>());
      } else if (equals > 0) {
        reader
            .sections
            .computeIfAbsent(section, any -> new LinkedHashMap<>())
            .put(
                content.substring(0, equals).strip(),
                new Lines.Line(
                    line.place(),
                    content.substring(equals + 1).strip().replaceFirst("^[\"'](.*)[\"']$", "$1")));
      } else if (!content.isEmpty()) {
        draft.report().error(line.place(), "a line is name=value");
      }
    }
    reader.sections.forEach(reader::section);
  }

  private void section(String name, Map<String, Lines.Line> values) {
    if (name.equals("general")) {
      values.forEach(this::general);
    } else {
      nodes(values);
    }
  }

  private void general(String name, Lines.Line value) {
    Place place = value.place();
    switch (name) {
      case "domain" -> {
        draft.global.say(ScopeKey.DOMAIN, value.text(), place, report);
        report.used(place, "domain = " + value.text());
      }
      case "hostname", "hostname_prefix" ->
          report.needless(place, "names follow from the addresses");
      default -> {
        if (MEANINGLESS.contains(name) || name.contains("client") || name.contains("drbl")) {
          report.needless(place, "'" + name + "' is not about booting");
        } else {
          report.ignored(place, "'" + name + "' has no counterpart here");
        }
      }
    }
  }

  private void nodes(Map<String, Lines.Line> values) {
    values.forEach((name, value) -> {
      switch (name) {
        case "interface" -> report.needless(value.place(), "the interface is found by its address");
        case "range", "mac", "ip_start" -> {}
        default -> report.ignored(value.place(), "'" + name + "' has no counterpart here");
      }
    });
    Lines.Line range = values.get("range");
    Lines.Line macs = values.get("mac");
    if (range != null) {
      range(range, values.get("ip_start"));
    }
    if (macs != null) {
      hosts(macs, values.get("ip_start"));
    }
  }

  private Optional<Draft.SubnetDraft> subnet(Place place) {
    List<Draft.SubnetDraft> all =
        draft.networks.stream().flatMap(network -> network.subnets.stream()).toList();
    if (all.size() == 1) {
      return Optional.of(all.getFirst());
    }
    report.ignored(
        place,
        "which network is that? Import the dhcpd.conf that drblpush wrote, before this file");
    return Optional.empty();
  }

  /** {@code range=1-15} with {@code ip_start=101}: 15 nodes from that octet on. */
  private void range(Lines.Line range, Lines.@org.jspecify.annotations.Nullable Line start) {
    String[] ends = range.text().split("-", -1);
    Optional<Draft.SubnetDraft> in = subnet(range.place());
    if (in.isEmpty()) {
      return;
    }
    try {
      int first = Integer.parseInt(ends[0].strip());
      int last = Integer.parseInt(ends[ends.length - 1].strip());
      int from = start == null ? first : Integer.parseInt(start.text());
      AddressRange addresses =
          new AddressRange(at(in.get().subnet, from), at(in.get().subnet, from + last - first));
      boolean known =
          in.get().pools.stream()
              .anyMatch(pool ->
                  pool.ranges.stream()
                      .anyMatch(each ->
                          each.contains(addresses.first()) && each.contains(addresses.last())));
      if (known) {
        report.needless(range.place(), "the range " + addresses + " is known already");
      } else {
        Draft.PoolDraft pool = new Draft.PoolDraft(range.place());
        pool.ranges.add(addresses);
        in.get().pools.add(pool);
        report.used(range.place(), "the range " + addresses);
      }
    } catch (IllegalArgumentException e) {
      report.error(range.place(), "a range is two numbers, as in range=1-15");
    }
  }

  private static Ipv4 at(Subnet subnet, int octet) {
    if (octet < 1 || octet > 254) {
      throw new IllegalArgumentException("no last octet: " + octet);
    }
    return new Ipv4((subnet.network().bits() & 0xffffff00) | octet);
  }

  private void hosts(Lines.Line macs, Lines.@org.jspecify.annotations.Nullable Line start) {
    try {
      String text = new String(files.read(macs.text()), StandardCharsets.ISO_8859_1);
      Optional<Draft.SubnetDraft> in = subnet(macs.place());
      int octet = start == null ? 1 : Integer.parseInt(start.text());
      for (MacList.Mac mac : MacList.macs(macs.text(), text, report)) {
        if (in.isPresent()) {
          host(mac, at(in.get().subnet, octet++));
        }
      }
    } catch (IOException e) {
      report.error(macs.place(), "'" + macs.text() + "' cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      report.error(macs.place(), "the nodes do not fit behind ip_start");
    }
  }

  private void host(MacList.Mac mac, Ipv4 address) {
    boolean known =
        draft.hosts.stream()
            .anyMatch(host ->
                host.id.equals(Optional.of(mac.mac())) && host.addresses.equals(List.of(address)));
    if (known) {
      report.needless(mac.place(), mac.mac() + " is known already");
      return;
    }
    Draft.HostDraft host = new Draft.HostDraft(mac.place(), mac.mac(), new ScopeDraft());
    host.id = Optional.of(mac.mac());
    host.addresses.add(address);
    host.name = Optional.<NodeName>empty();
    draft.hosts.add(host);
    report.used(mac.place(), "the host " + mac.mac() + " at " + address);
  }
}
