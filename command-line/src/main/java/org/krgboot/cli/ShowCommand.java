package org.krgboot.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.bootfiles.BootLoader;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.BootDesk;
import org.krgboot.daemon.BootOrders;
import org.krgboot.daemon.NodeRow;
import org.krgboot.dhcp.FixedHost;
import org.krgboot.dhcp.HostKey;
import org.krgboot.kernels.KernelStore;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree.Answer;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.BootPlan;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.KnownHosts;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot show}: the boot loader configuration that a node would get now. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what a node's boot loader would get: your own file, or what is rendered for the node.",
      "Nothing is sent; the daemon is asked for the node's address if it runs."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot show krgnode101 ipxe",
      "  krgboot show 10.11.12.101 pxelinux",
      "  krgboot show 52:54:00:12:34:56 grub"
    })
final class ShowCommand implements Callable<Integer> {
  /** Longer files are no configuration that somebody wants to read. */
  private static final int LONGEST = 1 << 20;

  private static final Pattern KERNEL =
      Pattern.compile("\\bboot/kernel-([1-9][0-9]{0,8})/vmlinuz\\b");

  @Mixin ServeOptions options = new ServeOptions();

  @Parameters(index = "0", paramLabel = "NODE", description = "its name, address or MAC address")
  String node = "";

  @Parameters(index = "1", paramLabel = "LOADER", description = "pxelinux, ipxe or grub")
  String loader = "";

  /** Who is meant. */
  private record Node(Ipv4 address, Optional<MacAddress> mac, Optional<NodeName> name) {}

  @Override
  public Integer call() {
    try {
      Settings settings = options.settings();
      BootLoader asking = loader();
      Node found = find(settings);
      return print(settings, asking, found);
    } catch (SettingsException | IOException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 2;
    }
  }

  private BootLoader loader() {
    try {
      return BootLoader.valueOf(loader.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + loader + "' is none of pxelinux, ipxe, grub", e);
    }
  }

  private Node find(Settings settings) {
    for (NodeRow row : running(settings)) {
      boolean meant =
          row.name().equals(node) || row.address().equals(node) || row.mac().equals(mac());
      if (meant && !row.address().isEmpty()) {
        return new Node(
            Ipv4.parse(row.address()),
            Optional.of(MacAddress.parse(row.mac())),
            Optional.of(row.name()).filter(text -> !text.isEmpty()).map(NodeName::new));
      }
    }
    for (FixedHost host : settings.dhcp().map(dhcp -> dhcp.config().hosts()).orElse(List.of())) {
      if (host.key() instanceof HostKey.Mac(MacAddress known)
          && (known.toString().equals(mac()) || isNamed(host))
          && host.address().isPresent()) {
        return new Node(host.address().get(), Optional.of(known), host.name());
      }
    }
    KnownHosts names =
        new KnownHosts(Defaults.HOSTS_FILE, settings.dhcp().map(Settings.Dhcp::config));
    return names.addressesOf(node).stream()
        .findFirst()
        .map(address -> new Node(address, Optional.empty(), Optional.empty()))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no node "
                    + node
                    + " is known; `krgboot nodes` lists them, and an address always works"));
  }

  private boolean isNamed(FixedHost host) {
    return host.name().filter(name -> name.toString().equals(node)).isPresent();
  }

  /** As we write them: lower case, with colons. */
  private String mac() {
    return node.toLowerCase(Locale.ROOT).replace('-', ':');
  }

  private static List<NodeRow> running(Settings settings) {
    try (AdminClient client = new AdminClient(settings.apiSocket())) {
      return client.nodes();
    } catch (IOException e) {
      return List.of(); // no daemon runs: the configuration has to do
    }
  }

  private static int print(Settings settings, BootLoader asking, Node node) throws IOException {
    BootFiles files = settings.bootFiles(_ -> node.mac()).offering(menu(settings, node));
    String refusal = "";
    for (String name : asking.configurationNames(node.address(), node.mac())) {
      switch (files.open(name, node.address())) {
        case Answer.Found(BootFile file) -> {
          try (file) {
            System.err.println("# " + name);
            String text = text(file);
            kernel(settings, text);
            System.out.print(text);
          }
          return 0;
        }
        case Answer.Refused(_, String message) -> refusal = message;
      }
    }
    System.err.println("krgboot: the node would get nothing: " + refusal);
    return 1;
  }

  /** Which numbered kernel it names, in words. */
  private static void kernel(Settings settings, String text) throws IOException {
    Matcher names = KERNEL.matcher(text);
    if (names.find()) {
      KernelStore store = KernelStore.look(Settings.kernelsIn(settings.stateDirectory()));
      int number = Integer.parseInt(names.group(1));
      List<String> published = store.namesOf(number);
      System.err.println(
          "# "
              + KernelStoreAddress.about(store.kernel(number))
              + (published.isEmpty() ? "" : ", published as " + String.join(", ", published)));
    }
  }

  /** What the configuration and an order say of this node; the others do not matter here. */
  private static BootMenu menu(Settings settings, Node node) throws IOException {
    BootPlan plan = settings.bootPlan();
    BootMenu.Pick configured =
        node.mac()
            .map(mac ->
                plan.of(new NodeRange.Identity(node.name(), mac, Optional.of(node.address()))))
            .orElse(plan.usual());
    BootMenu.Pick pick =
        node.mac()
            .flatMap(orders(settings)::of)
            .filter(order -> plan.menu().target(order.target()).isPresent()) // as the daemon does
            .map(order -> BootDesk.ordered(order, configured))
            .orElse(configured);
    return BootMenu.of(plan.programs(), _ -> pick);
  }

  private static BootOrders orders(Settings settings) throws IOException {
    try {
      return BootOrders.open(settings.bootOrders());
    } catch (AccessDeniedException e) {
      System.err.println("# without the orders of krgboot boot, which only root can read");
      return BootOrders.none(settings.bootOrders());
    }
  }

  private static String text(BootFile file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), LONGEST));
    int length = file.read(bytes, 0);
    return new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
  }
}
