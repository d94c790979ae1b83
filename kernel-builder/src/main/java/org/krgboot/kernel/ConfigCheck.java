package org.krgboot.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares a configuration with all that was asked for. */
record ConfigCheck(List<Config.Request> requests, List<Preset> presets, List<NetworkCard> cards) {
  private static final int MOST = 40;

  /** All demands of the presets and cards. */
  List<Demand> demands(KernelVersion version) {
    List<Demand> demands = new ArrayList<>();
    presets.forEach(preset -> demands.addAll(preset.demands(version)));
    cards.forEach(card -> demands.addAll(card.demands(presets)));
    return demands;
  }

  /**
   * What is not as it was asked for, each with the place and the reason.
   *
   * @param tree for its own words on why
   */
  List<String> faults(Config result, KernelVersion version, Path tree) throws IOException {
    List<Config.Request> lost = new ArrayList<>();
    for (Config.Request request : Config.last(requests)) {
      if (!result.get(request.option().symbol()).equals(request.option().value())) {
        lost.add(request);
      }
    }
    List<Demand> unmet =
        demands(version).stream().filter(demand -> !demand.isMetBy(result)).distinct().toList();
    if (lost.isEmpty() && unmet.isEmpty()) {
      return List.of();
    }
    Kconfig kconfig = Kconfig.of(tree);
    List<String> faults = new ArrayList<>();
    for (Config.Request request : lost) {
      String symbol = request.option().symbol();
      faults.add(
          "CONFIG_"
              + symbol
              + " was asked for as "
              + request.option().value()
              + " ("
              + request.from()
              + ") and is "
              + result.get(symbol)
              + hint(kconfig, symbol));
    }
    for (Demand demand : unmet) {
      String symbol = demand.anyOf().getFirst();
      faults.add(
          "CONFIG_"
              + String.join(" or CONFIG_", demand.anyOf())
              + " must be "
              + String.join(" or ", demand.values())
              + " and is "
              + result.get(symbol)
              + ": "
              + demand.why()
              + hint(kconfig, symbol));
    }
    return shortened(faults);
  }

  private static String hint(Kconfig kconfig, String symbol) {
    String hint = kconfig.hint(symbol);
    return hint.isEmpty() ? "" : "\n      " + hint;
  }

  private static List<String> shortened(List<String> faults) {
    if (faults.size() <= MOST) {
      return faults;
    }
    List<String> some = new ArrayList<>(faults.subList(0, MOST));
    some.add("and " + (faults.size() - MOST) + " more");
    return some;
  }

  /** Lines that can be put into the recipe as they are. */
  List<String> wanted(Config result, KernelVersion version) {
    return demands(version).stream()
        .filter(demand -> !demand.isMetBy(result))
        .map(Demand::wanted)
        .distinct()
        .toList();
  }
}
