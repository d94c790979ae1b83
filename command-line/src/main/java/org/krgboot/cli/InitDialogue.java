package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.bootfiles.KernelChoice;
import org.krgboot.cli.InitAnswers.Addresses;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.model.Subnet;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.HostInterface;

/** The questions of {@code krgboot init}, in their order. */
final class InitDialogue {
  private static final int USUAL_NODES = 15;
  private static final int MOST_NODES = 4096;

  /** Finds the DHCP servers that answer on a network. */
  interface Probe {
    List<Ipv4> servers(Ipv4 own) throws IOException;
  }

  private final Questions questions;
  private final List<HostInterface> networks;
  private final Probe probe;

  InitDialogue(Questions questions, List<HostInterface> networks, Probe probe) {
    this.questions = questions;
    this.networks = networks;
    this.probe = probe;
  }

  /**
   * Asks them all.
   *
   * @throws IOException if an answer cannot be, or there is no network to serve
   */
  InitAnswers answers() throws IOException {
    if (networks.isEmpty()) {
      throw new IOException(
          "no interface has a private IPv4 address; give the boot network's interface one, for"
              + " example: ip addr add 10.11.12.1/24 dev eth1");
    }
    HostInterface network = network();
    Addresses addresses = addresses(network);
    List<MacAddress> macs =
        addresses == Addresses.MAC
            ? questions.ask(
                "macs", "MAC addresses, or a file with one a line", "", InitDialogue::macs)
            : List.of();
    int nodes =
        addresses == Addresses.MAC
            ? macs.size()
            : questions.ask(
                "nodes", "How many nodes", "" + usualNodes(network), InitDialogue::count);
    Ipv4 first =
        addresses == Addresses.PROXY
            ? network.address()
            : questions.ask(
                "first-address",
                "The first node's address",
                usualFirst(network).toString(),
                text -> first(text, network, nodes));
    String names =
        addresses == Addresses.PROXY
            ? Defaults.NAME_PREFIX
            : questions.ask(
                "names",
                addresses == Addresses.MAC
                    ? "Node names: krgnode[01-" + nodes + "], or what comes before the number"
                    : "Node names begin with",
                Defaults.NAME_PREFIX,
                text -> names(text, addresses, nodes));
    String root = root();
    return new InitAnswers(network, addresses, nodes, first, names, macs, root, kernel(root));
  }

  private HostInterface network() throws IOException {
    if (networks.size() > 1) {
      questions.explain("Interfaces with a private address:");
      networks.forEach(network -> questions.explain("  " + network));
    }
    HostInterface network =
        questions.ask(
            "interface",
            "The nodes' network is on interface",
            networks.getFirst().name(),
            this::named);
    return network;
  }

  private HostInterface named(String name) {
    return networks.stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'"
                    + name
                    + "' is none of "
                    + networks.stream().map(HostInterface::name).distinct().toList()));
  }

  private Addresses addresses(HostInterface network) throws IOException {
    questions.explain("Looking for other DHCP servers on " + network.name() + ", 3 s ...");
    List<Ipv4> others = others(network);
    String proposed = others.isEmpty() ? "range" : "proxy";
    if (!others.isEmpty()) {
      questions.say(
          "Another DHCP server answers there: "
              + others
              + ". Stop it, or leave the addresses to it (proxy).");
    }
    questions.explain("Addresses: range - any node gets the next free one, and keeps it");
    questions.explain("           mac   - only nodes whose MAC addresses you give");
    questions.explain("           proxy - another DHCP server gives them");
    return questions.ask("addresses", "range, mac or proxy", proposed, InitDialogue::kind);
  }

  private List<Ipv4> others(HostInterface network) {
    try {
      return probe.servers(network.address()).stream()
          .filter(server -> !server.equals(network.address()))
          .toList();
    } catch (IOException e) {
      questions.say(
          "Other DHCP servers on "
              + network.name()
              + " could not be looked for: "
              + e.getMessage()
              + ". Run this as root to know.");
      return List.of();
    }
  }

  private static Addresses kind(String text) {
    return Stream.of(Addresses.values())
        .filter(kind -> kind.word().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is none of range, mac, proxy"));
  }

  private static int count(String text) {
    int count = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (count < 1 || count > MOST_NODES) {
      throw new IllegalArgumentException("'" + text + "' is not a number from 1 to " + MOST_NODES);
    }
    return count;
  }

  private static int usualNodes(HostInterface network) {
    return (int)
        Defaults.range(network.subnet(), network.address())
            .map(range -> Math.min(USUAL_NODES, range.size()))
            .orElse(1L)
            .longValue();
  }

  private static Ipv4 usualFirst(HostInterface network) {
    return Defaults.range(network.subnet(), network.address())
        .map(range -> range.first())
        .orElse(network.address().next());
  }

  private static Ipv4 first(String text, HostInterface network, int nodes) {
    Ipv4 first = Ipv4.parse(text);
    Ipv4 last = new Ipv4(first.bits() + nodes - 1);
    Subnet subnet = network.subnet();
    if (!subnet.isHost(first) || !subnet.isHost(last) || last.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          nodes + " addresses from " + first + " on do not fit into " + subnet);
    }
    if (first.compareTo(network.address()) <= 0 && network.address().compareTo(last) <= 0) {
      throw new IllegalArgumentException(
          "this machine's own address, " + network.address() + ", is among them");
    }
    return first;
  }

  private static String names(String text, Addresses addresses, int nodes) {
    if (text.indexOf('[') < 0) {
      var _ = new NodeName(text + "1"); // refuses what cannot be a name
      return text;
    }
    if (addresses != Addresses.MAC) {
      throw new IllegalArgumentException(
          "names of one's own are for known MAC addresses; here, say what comes before the number."
              + " krgboot discover --as "
              + text
              + " names nodes as they are switched on");
    }
    int named = NodeRange.parse(text).names(Map.of()).size();
    if (named < nodes) {
      throw new IllegalArgumentException(
          "'" + text + "' are " + named + " names, and there are " + nodes + " nodes");
    }
    return text;
  }

  private static List<MacAddress> macs(String text) {
    List<MacAddress> macs = new ArrayList<>();
    for (String word : words(text)) {
      macs.add(MacAddress.parse(word));
    }
    if (macs.isEmpty()) {
      throw new IllegalArgumentException("give at least one, as 52:54:00:12:34:56");
    }
    if (new HashSet<>(macs).size() < macs.size()) {
      throw new IllegalArgumentException("one of them stands there twice");
    }
    return macs;
  }

  /** Of a file the first word of each line, as in ethers(5). */
  private static List<String> words(String text) {
    if (!text.startsWith("/") && !text.startsWith(".")) {
      return Stream.of(text.split("[,\\s]+")).filter(word -> !word.isEmpty()).toList();
    }
    try {
      return Files.readAllLines(Path.of(text)).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(line -> line.replaceFirst("[,\\s].*", ""))
          .toList();
    } catch (IOException e) {
      throw new IllegalArgumentException("there is no readable file " + text, e);
    }
  }

  private String root() throws IOException {
    String root =
        questions.ask(
            "root",
            "The node root",
            Defaults.NODE_ROOT.toString(),
            text -> {
              if (!text.startsWith("/")) {
                throw new IllegalArgumentException("'" + text + "' is not an absolute path");
              }
              return text;
            });
    if (!Files.isDirectory(Path.of(root))) {
      questions.say("  It is not there yet: krgboot root build " + root);
    }
    return root;
  }

  private String kernel(String root) throws IOException {
    List<String> kernels = kernels(Path.of(root, "boot"));
    if (kernels.size() > 1) {
      questions.explain("Kernels there: " + String.join(", ", kernels));
    }
    String newest =
        KernelChoice.find(Path.of(root), Optional.empty(), Optional.empty())
            .map(KernelChoice::kernel)
            .orElse("newest");
    String kernel =
        questions.ask(
            "kernel",
            "The kernel",
            newest,
            text -> {
              if (!text.equals("newest") && !kernels.contains(text)) {
                throw new IllegalArgumentException(
                    "there is no "
                        + text
                        + " in "
                        + root
                        + "/boot; say newest, or one of "
                        + kernels);
              }
              return text;
            });
    return kernel.equals(newest) || kernel.equals("newest") ? "" : kernel;
  }

  private static List<String> kernels(Path boot) {
    try (Stream<Path> files = Files.list(boot)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("vmlinuz-") || name.startsWith("vmlinux-"))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Says what was given and never asked for. */
  Optional<String> unused() {
    return questions.unused().stream()
        .findFirst()
        .map(key ->
            "nothing was asked for that is called '"
                + key
                + "'; there are "
                + String.join(", ", questions.known().stream().sorted().toList()));
  }
}
