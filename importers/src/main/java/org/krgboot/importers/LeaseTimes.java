package org.krgboot.importers;

import java.util.List;
import java.util.Optional;

/**
 * Elsewhere the times to renew and to rebind are said on their own. Here a scope that says a lease
 * time says them too, since those for a long lease would not fit a short one: so they are said
 * again there, if they fit.
 */
final class LeaseTimes {
  private static final List<ScopeKey> TIMES = List.of(ScopeKey.RENEW_TIME, ScopeKey.REBIND_TIME);

  private final Draft draft;

  LeaseTimes(Draft draft) {
    this.draft = draft;
  }

  void keep() {
    for (Draft.NetworkDraft network : draft.networks) {
      keep(network.scope, draft.global);
      for (Draft.SubnetDraft subnet : network.subnets) {
        keep(subnet.scope, network.scope, draft.global);
        subnet.pools.forEach(pool -> keep(pool.scope, subnet.scope, network.scope, draft.global));
      }
    }
    draft.classes.forEach(each -> keep(each.scope(), draft.global));
    draft.hosts.forEach(each -> keep(each.scope, draft.global));
  }

  private void keep(ScopeDraft scope, ScopeDraft... around) {
    Optional<Place> place = scope.placeOf(ScopeKey.LEASE_TIME);
    if (place.isEmpty()) {
      return;
    }
    for (ScopeKey key : TIMES) {
      Optional<String> time =
          List.of(around).stream().flatMap(each -> each.value(key).stream()).findFirst();
      if (time.isPresent() && !scope.says(key)) {
        if (seconds(time.get()) < seconds(scope.value(ScopeKey.LEASE_TIME).orElse("0s"))) {
          scope.say(key, time.get(), place.get(), draft.report());
        } else {
          draft
              .report()
              .conflict(
                  place.get(),
                  key.text()
                      + " = "
                      + time.get()
                      + " is no shorter than this; the usual one holds");
        }
      }
    }
  }

  private static long seconds(String time) {
    return Long.parseLong(time.replace("s", ""));
  }
}
