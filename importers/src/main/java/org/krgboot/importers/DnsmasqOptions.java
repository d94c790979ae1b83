package org.krgboot.importers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.krgboot.model.Ipv4;

/** {@code dhcp-option}, {@code dhcp-boot} and {@code pxe-service} of dnsmasq. */
final class DnsmasqOptions {
  private static final int VENDOR_OPTIONS = 43;

  /** Options of enterprises, RFC 3925. */
  private static final int ENTERPRISE_OPTIONS = 125;

  private final Draft draft;
  private final Report report;
  private final DnsmasqTags tags;
  private final InnerOptions inner;
  private final Map<String, Integer> carriers = new TreeMap<>();
  private final Map<ScopeDraft, TreeMap<Long, TreeMap<Integer, byte[]>>> ofEnterprises =
      new HashMap<>();

  DnsmasqOptions(Draft draft, DnsmasqTags tags) {
    this.draft = draft;
    this.report = draft.report();
    this.tags = tags;
    this.inner = new InnerOptions(draft.global);
  }

  void option(DnsmasqLines.Setting setting) {
    Place place = setting.place();
    List<DnsmasqLines.Word> words = new ArrayList<>(setting.words());
    List<String> texts = setting.texts();
    int before = texts.size();
    Optional<ScopeDraft> scope = tags.scope(texts, place);
    if (scope.isEmpty()) {
      return;
    }
    words.subList(0, before - texts.size()).clear();
    List<String> kinds = new ArrayList<>();
    while (!words.isEmpty()
        && words.getFirst().text().matches("(encap|vi-encap|vendor|option6):.*")) {
      kinds.add(words.removeFirst().text());
    }
    String name = words.isEmpty() ? "" : words.removeFirst().text().replaceFirst("^option:", "");
    Optional<Integer> code = DnsmasqValues.code(name);
    try {
      if (kinds.stream().anyMatch(kind -> kind.startsWith("option6:"))) {
        report.needless(place, "IPv6 is not served");
      } else if (code.isEmpty()) {
        report.ignored(place, "the option '" + name + "' is not known; give its number");
      } else if (!kinds.isEmpty()) {
        inner(kinds.getLast(), code.get(), words, new At(place, scope.get()));
      } else {
        apply(code.get(), words, setting.key(), new At(place, scope.get()));
      }
    } catch (IllegalArgumentException e) {
      report.error(place, "option " + name + ": " + e.getMessage());
    }
  }

  /** Where a line stands, and to whom it speaks. */
  private record At(Place place, ScopeDraft scope) {}

  private void inner(String kind, int code, List<DnsmasqLines.Word> words, At at) {
    String of = kind.substring(kind.indexOf(':') + 1);
    byte[] octets = DnsmasqValues.inner(words, draft);
    if (kind.startsWith("vendor:")) {
      ScopeDraft scope = at.scope() == draft.global ? tags.ofVendor(of, at.place()) : at.scope();
      inner.say("vendor", code, octets, scope);
      carriers.put("vendor", VENDOR_OPTIONS);
    } else if (!of.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("'" + of + "' is not a number");
    } else if (kind.startsWith("encap:")) {
      inner.say(kind, code, octets, at.scope());
      carriers.put(kind, Integer.parseInt(of));
    } else {
      ofEnterprises
          .computeIfAbsent(at.scope(), any -> new TreeMap<>())
          .computeIfAbsent(Long.parseLong(of), any -> new TreeMap<>())
          .put(code, octets);
    }
    report.used(at.place(), "option " + code + " within " + kind);
  }

  /** Inner options go out within the option that carries them. */
  void finish() {
    carriers.forEach((space, code) -> inner.carryAll(space, code));
    ofEnterprises.forEach((scope, enterprises) -> {
      ByteBuffer out = ByteBuffer.allocate(1 << 16);
      enterprises.forEach((number, options) -> {
        byte[] octets = InnerOptions.encoded(options);
        if (octets.length <= 255 && out.remaining() > octets.length + 5) {
          out.putInt(number.intValue()).put((byte) octets.length).put(octets);
        }
      });
      byte[] all = new byte[out.position()];
      out.get(0, all);
      scope.say(ExtraOption.of(ENTERPRISE_OPTIONS, "vi-encap", all));
    });
  }

  private void apply(int code, List<DnsmasqLines.Word> words, String key, At at) {
    List<String> values = words.stream().map(DnsmasqLines.Word::text).toList();
    String text = String.join(",", values);
    switch (code) {
      case 1, 28 -> report.needless(at.place(), "it follows from the subnet");
      case 3 -> addresses(ScopeKey.ROUTERS, values, at);
      case 6 -> addresses(ScopeKey.DNS, values, at);
      case 42 -> addresses(ScopeKey.NTP, values, at);
      case 12 -> report.ignored(at.place(), "it would call several nodes '" + text + "'");
      case 15 -> text(ScopeKey.DOMAIN, text, at);
      case 17 -> text(ScopeKey.ROOT_PATH, RootPath.parse(text).path(), at);
      case 66 -> text(ScopeKey.SERVER_NAME, text, at);
      case 67 -> text(ScopeKey.BOOT_FILE, text, at);
      case 58 -> time(ScopeKey.RENEW_TIME, text, at);
      case 59 -> time(ScopeKey.REBIND_TIME, text, at);
      case 51 -> time(ScopeKey.LEASE_TIME, text, at);
      case 57 -> text(ScopeKey.MAX_MESSAGE_SIZE, text, at);
      case 50, 52, 53, 54, 55, 56, 61, 80, 82 ->
          report.ignored(at.place(), "this option is the protocol's own and cannot be set");
      default -> {
        byte[] octets = DnsmasqValues.encode(code, words, draft);
        ExtraOption made = ExtraOption.of(code, "option-" + code, octets);
        at.scope().say(key.equals("dhcp-option-force") ? made.always() : made);
        report.used(at.place(), "option " + code);
      }
    }
  }

  private void time(ScopeKey key, String text, At at) {
    String seconds = text.matches("[0-9]+[smhdw]?|infinite") ? DnsmasqRanges.seconds(text) : text;
    Durations.say(key, seconds, at.place(), at.scope(), report);
  }

  private void addresses(ScopeKey key, List<String> values, At at) {
    List<String> addresses = new ArrayList<>();
    for (String value : values) {
      if (value.equals("0.0.0.0")) {
        report.ignored(
            at.place(),
            "0.0.0.0 is the server's own address, which is not known here; write "
                + key.text()
                + " = \"ADDRESS\"");
        return;
      }
      Optional<Ipv4> address = EthersFile.address(value, draft);
      if (address.isEmpty() && !value.isEmpty()) {
        report.error(at.place(), "'" + value + "' is not an address");
        return;
      }
      address.map(Ipv4::toString).ifPresent(addresses::add);
    }
    at.scope().say(key, addresses, at.place(), report);
    String shown = addresses.isEmpty() ? "none" : String.join(", ", addresses);
    report.used(at.place(), key.text() + " = " + shown);
  }

  private void text(ScopeKey key, String text, At at) {
    if (Texts.isPlain(text) && !text.isEmpty()) {
      at.scope().say(key, text, at.place(), report);
      report.used(at.place(), key.text() + " = " + text);
    } else {
      report.ignored(at.place(), key.text() + " cannot be '" + text + "'");
    }
  }

  /** {@code [tag:x,]FILE[,SERVERNAME[,ADDRESS]]}. */
  void boot(DnsmasqLines.Setting setting) {
    List<String> words = setting.texts();
    tags.scope(words, setting.place())
        .ifPresent(scope -> {
          At at = new At(setting.place(), scope);
          if (!words.isEmpty() && !words.getFirst().isEmpty()) {
            text(ScopeKey.BOOT_FILE, words.getFirst(), at);
          }
          if (words.size() > 1 && !words.get(1).isEmpty()) {
            text(ScopeKey.SERVER_NAME, words.get(1), at);
          }
          if (words.size() > 2) {
            server(words.get(2), at);
          }
        });
  }

  private void server(String name, At at) {
    if (name.isEmpty() || name.equals("0.0.0.0")) {
      return; // krgboot itself, as with dnsmasq
    }
    EthersFile.address(name, draft)
        .ifPresentOrElse(
            address -> text(ScopeKey.NEXT_SERVER, address.toString(), at),
            () ->
                report.ignored(
                    at.place(), "'" + name + "' is not a known address; import /etc/hosts along"));
  }

  /**
   * {@code [tag:x,]CSA,"TEXT"[,FILE|TYPE[,SERVER]]}: of the menu the boot file of an architecture
   * is taken.
   */
  void pxeService(DnsmasqLines.Setting setting) {
    List<String> words = setting.texts();
    Place place = setting.place();
    Optional<ScopeDraft> scope = tags.scope(words, place);
    if (scope.isEmpty()) {
      return;
    }
    String name = words.isEmpty() ? "" : words.getFirst();
    Optional<Marks> architecture = DnsmasqMarks.architectureByName(name);
    String file = words.size() < 3 ? "" : words.get(2);
    if (architecture.isEmpty() || file.isEmpty() || file.matches("[0-9]+")) {
      report.ignored(place, "there is no menu before the boot loader, and this entry has no file");
      return;
    }
    ScopeDraft own = new ScopeDraft();
    boolean bios = architecture.get().architectures().contains("0");
    At at = new At(place, bios ? scope.get() : own);
    if (at.scope().says(ScopeKey.BOOT_FILE)) {
      report.ignored(place, "there is no menu before the boot loader; its first entry holds");
      return;
    }
    if (!bios) {
      draft.classes.add(
          new Draft.ClassDraft(
              place,
              name.toLowerCase(Locale.ROOT),
              architecture.get(),
              own,
              Optional.empty(),
              Draft.Origin.CLASS,
              Optional.of(scope.get())));
    }
    // dnsmasq adds the layer to a name without a dot.
    text(ScopeKey.BOOT_FILE, file.indexOf('.') < 0 ? file + ".0" : file, at);
    if (words.size() > 3) {
      server(words.get(3), at);
    }
  }
}
