package org.krgboot.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The driver of a network card, by the name of its module.
 *
 * @param symbols the options that it takes, itself first
 */
record NetworkCard(String name, List<String> symbols) {
  private static final Map<String, List<String>> KNOWN = new TreeMap<>();

  static {
    KNOWN.put("8139cp", List.of("8139CP"));
    KNOWN.put("8139too", List.of("8139TOO"));
    KNOWN.put("atl1c", List.of("ATL1C"));
    KNOWN.put("bnx2", List.of("BNX2"));
    KNOWN.put("bnx2x", List.of("BNX2X"));
    KNOWN.put("bnxt_en", List.of("BNXT"));
    KNOWN.put("e100", List.of("E100"));
    KNOWN.put("e1000", List.of("E1000"));
    KNOWN.put("e1000e", List.of("E1000E"));
    KNOWN.put("forcedeth", List.of("FORCEDETH"));
    KNOWN.put("i40e", List.of("I40E"));
    KNOWN.put("igb", List.of("IGB"));
    KNOWN.put("igc", List.of("IGC"));
    KNOWN.put("ixgbe", List.of("IXGBE"));
    KNOWN.put("mlx4_en", List.of("MLX4_EN"));
    KNOWN.put("mlx5_core", List.of("MLX5_CORE", "MLX5_CORE_EN"));
    KNOWN.put("ne2k-pci", List.of("NE2K_PCI"));
    KNOWN.put("pcnet32", List.of("PCNET32"));
    KNOWN.put("r8169", List.of("R8169"));
    KNOWN.put("sky2", List.of("SKY2"));
    KNOWN.put("tg3", List.of("TIGON3"));
    KNOWN.put("virtio_net", List.of("VIRTIO_NET", "VIRTIO_PCI"));
    KNOWN.put("vmxnet3", List.of("VMXNET3"));
  }

  static NetworkCard parse(String name) {
    List<String> symbols = KNOWN.get(name);
    if (symbols == null) {
      throw new IllegalArgumentException(
          "no driver '"
              + name
              + "' is known here; there are "
              + String.join(", ", KNOWN.keySet())
              + ". Ask for another one as an option, in yes = [...]");
    }
    return new NetworkCard(name, symbols);
  }

  List<Demand> demands(List<Preset> presets) {
    boolean builtIn = presets.stream().anyMatch(Preset::needsBuiltInDriver);
    String why =
        "the driver "
            + name
            + " of a network card of your nodes"
            + (builtIn ? "; it is needed before any module can be read" : "");
    List<Demand> demands = new ArrayList<>();
    for (String symbol : symbols) {
      demands.add(builtIn ? Demand.on(symbol, why) : Demand.onOrModule(symbol, why));
    }
    return demands;
  }
}
