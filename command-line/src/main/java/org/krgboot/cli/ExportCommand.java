package org.krgboot.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.importers.Exported;
import org.krgboot.importers.Exporter;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.nfs.Clients;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.Terms;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code krgboot export}: what our configuration means, in the words of others. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes what the configuration means as a file of another server's, on standard output:",
      "dhcpd (ISC's dhcpd.conf), exports (exports(5)), pxelinux (pxelinux.cfg/default), hosts",
      "(/etc/hosts) or ansible (an inventory). What the other has no words for is told on standard",
      "error, a line each, as import does."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot export dhcpd > dhcpd.conf && dhcpd -t -cf dhcpd.conf",
      "  krgboot export hosts --config krgboot.toml",
      "",
      "Exit: 0 the file says everything that nodes notice, 1 it does not (standard error says what it",
      "lacks), 2 nothing is written: the configuration is wrong, or the file needs what is not there."
    })
final class ExportCommand implements Callable<Integer> {
  private static final int COMPLETE = 0;
  private static final int INCOMPLETE = 1;
  private static final int FAILED = 2;
  private static final int LONGEST = 1 << 16;

  /** What can be written. */
  enum Target {
    DHCPD,
    EXPORTS,
    PXELINUX,
    HOSTS,
    ANSIBLE
  }

  @Parameters(paramLabel = "dhcpd|exports|pxelinux|hosts|ansible", description = "what to write")
  String target = "";

  @Mixin ServeOptions options = new ServeOptions();

  @Override
  public Integer call() {
    try {
      Exported exported = write(target(), options.settings());
      System.out.print(exported.text());
      exported.unsaid().forEach(System.err::println);
      return exported.complete() ? COMPLETE : INCOMPLETE;
    } catch (SettingsException | IOException e) {
      System.err.println("krgboot: " + e.getMessage());
      return FAILED;
    }
  }

  private Target target() throws IOException {
    for (Target each : Target.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(target)) {
        return each;
      }
    }
    throw new IOException("'" + target + "' is not dhcpd, exports, pxelinux, hosts or ansible");
  }

  /** The file, with what it cannot say. */
  static Exported write(Target target, Settings settings) throws IOException {
    return switch (target) {
      case DHCPD ->
          Exporter.dhcpd(SettingsAsConfiguration.of(dhcp(settings)))
              .without(ExportLosses.ofDhcpd(settings));
      case HOSTS ->
          Exporter.hosts(SettingsAsConfiguration.of(dhcp(settings)), naming(dhcp(settings)));
      case ANSIBLE ->
          Exporter.ansible(SettingsAsConfiguration.of(dhcp(settings)), naming(dhcp(settings)));
      case EXPORTS -> new Exported(exports(settings), ExportLosses.ofExports(settings));
      case PXELINUX -> new Exported(pxelinux(settings), ExportLosses.ofPxelinux(settings));
    };
  }

  private static DhcpConfig dhcp(Settings settings) throws IOException {
    return settings
        .dhcp()
        .map(Settings.Dhcp::config)
        .orElseThrow(() -> new IOException("there is no DHCP in this configuration"));
  }

  private static Exporter.Naming naming(DhcpConfig config) {
    return new Exporter.Naming(
        address -> name(config, address),
        address -> config.optionsAt(address).flatMap(options -> options.scope().domain()));
  }

  /** Empty if it depends on which node is there. */
  private static Optional<String> name(DhcpConfig config, Ipv4 address) {
    return config
        .optionsAt(address)
        .flatMap(options -> options.name().ofAddressAlone(address))
        .map(NodeName::text);
  }

  private static String exports(Settings settings) throws IOException {
    List<Export> exports =
        settings
            .nfs()
            .orElseThrow(() -> new IOException("there is no NFS in this configuration"))
            .config()
            .exports();
    StringBuilder out = new StringBuilder("# written by krgboot export\n");
    for (Export export : exports) {
      out.append(quoted(export.path().toString()));
      for (Export.Rule rule : export.rules()) {
        out.append(' ').append(client(rule.clients())).append('(');
        out.append(terms(export, rule.terms())).append(')');
      }
      out.append('\n');
    }
    return out.toString();
  }

  /** exports(5): blanks and such in a path are written in octal. */
  private static String quoted(String path) {
    StringBuilder out = new StringBuilder();
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      int c = each & 0xff;
      boolean plain = c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '#';
      out.append(plain ? Character.toString(c) : String.format("\\%03o", c));
    }
    return out.toString();
  }

  private static String client(Clients clients) {
    return switch (clients) {
      case Clients.Everybody _ -> "*";
      case Clients.Host host -> host.toString();
      case Clients.Network network -> network.toString();
      case Clients.Pattern pattern -> pattern.toString();
    };
  }

  private static String terms(Export export, Terms terms) {
    String squash =
        switch (terms.squash()) {
          case NONE -> "no_root_squash";
          case ROOT -> "root_squash";
          case ALL -> "all_squash";
        };
    String ids =
        terms.squash() == Terms.Squash.NONE
            ? ""
            : ",anonuid=" + terms.anonUid() + ",anongid=" + terms.anonGid();
    return (terms.access() == Terms.Access.READ_WRITE ? "rw" : "ro")
        + (terms.sync() == Terms.Durability.SYNC ? ",sync," : ",async,")
        + squash
        + ids
        + ",no_subtree_check"
        + (terms.ports() == Terms.SourcePorts.ANY ? ",insecure" : "")
        + export.fsid().map(fsid -> ",fsid=" + Integer.toUnsignedString(fsid)).orElse("")
        + export.mountPoint().map(path -> ",mountpoint=" + path).orElse("");
  }

  private static String pxelinux(Settings settings) throws IOException {
    BootFiles files = settings.bootFiles(_ -> Optional.empty());
    return switch (files.open("pxelinux.cfg/default", settings.server())) {
      case BootFileTree.Answer.Found found -> {
        try (BootFile file = found.file()) {
          ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), LONGEST));
          int read = file.read(bytes, 0);
          yield new String(bytes.array(), 0, read, StandardCharsets.UTF_8);
        }
      }
      case BootFileTree.Answer.Refused refused -> throw new IOException(refused.message());
    };
  }
}
