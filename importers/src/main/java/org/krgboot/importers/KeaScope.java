package org.krgboot.importers;

import java.util.List;

/** What Kea says to the nodes of a subnet, pool, class or host. */
final class KeaScope {
  private final Draft draft;
  private final Report report;
  private final KeaOptions options;

  KeaScope(Draft draft) {
    this.draft = draft;
    this.report = draft.report();
    this.options = new KeaOptions(draft);
  }

  IscOptions options() {
    return options.known();
  }

  void define(List<Tree> definitions) {
    options.define(definitions);
  }

  void finish() {
    options.finish();
  }

  /** One key of a part of the configuration, which may be nothing that is said to nodes. */
  void say(String key, Tree value, Tree all, ScopeDraft scope) {
    String text = Tree.text(value);
    Place place = value.place();
    switch (key) {
      case "valid-lifetime" -> Durations.say(ScopeKey.LEASE_TIME, text, place, scope, report);
      case "renew-timer" -> Durations.say(ScopeKey.RENEW_TIME, text, place, scope, report);
      case "rebind-timer" -> Durations.say(ScopeKey.REBIND_TIME, text, place, scope, report);
      case "next-server" -> said(ScopeKey.NEXT_SERVER, text, place, scope);
      case "boot-file-name" -> said(ScopeKey.BOOT_FILE, text, place, scope);
      case "server-hostname" -> said(ScopeKey.SERVER_NAME, text, place, scope);
      case "option-data" -> all.list(key).forEach(option -> options.say(option, scope));
      default -> KeaKeys.tell(key, value, report);
    }
  }

  private void said(ScopeKey key, String text, Place place, ScopeDraft scope) {
    boolean nothing = text.isEmpty() || (key == ScopeKey.NEXT_SERVER && text.equals("0.0.0.0"));
    if (nothing || !Texts.isPlain(text)) {
      report.needless(place, "it says nothing");
    } else if (key == ScopeKey.NEXT_SERVER
        && EthersFile.address(text, draft).filter(each -> text.equals(each.toString())).isEmpty()) {
      report.error(place, "'" + text + "' is not an address");
    } else {
      scope.say(key, text, place, report);
      report.used(place, key.text() + " = " + text);
    }
  }
}
