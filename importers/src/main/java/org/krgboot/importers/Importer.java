package org.krgboot.importers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;

/**
 * Reads the configuration of other boot servers, one file after the other, into one of ours. Of two
 * files that contradict each other the first one holds, and the report says so: give dhcpd.conf
 * before /etc/ethers. Names of machines are known from the hosts files that came before.
 */
public final class Importer {
  private final SourceFiles files;
  private final Function<String, Optional<Ipv4>> names;
  private final Report report = new Report();
  private final Draft draft = new Draft(report);
  private final List<Lease> leases = new ArrayList<>();

  /**
   * An importer of nothing yet.
   *
   * @param names asked for the address of a machine that no file has named
   */
  public Importer(SourceFiles files, Function<String, Optional<Ipv4>> names) {
    this.files = files;
    this.names = names;
  }

  /** Reads one more file; what is wrong with it goes to the report. */
  public void read(Format format, String file, byte[] content) {
    if (content.length > SourceFiles.LARGEST) {
      report.error(new Place(file, 1), "the file has more than 16 MiB");
      return;
    }
    switch (format) {
      case DHCPD_CONF -> IscMeaning.read(file, content, files, draft, names);
      case HOSTS -> HostsFile.read(file, text(content), draft);
      case DHCPD_LEASES -> leases.addAll(DhcpdLeases.read(file, content, report));
      case EXPORTS -> ExportsPaths.read(file, text(content), draft);
      case TFTPD_HPA -> TftpdHpa.read(file, text(content), draft);
      case PXELINUX -> PxelinuxFile.read(file, text(content), draft);
      case ETHERS -> EthersFile.read(file, text(content), draft);
      case KERRIGHED_NODES -> KerrighedNodes.read(file, text(content), draft);
      case DNSMASQ -> Dnsmasq.read(file, text(content), files, draft);
      case KEA -> Kea.read(file, text(content), files, draft, names);
      case DRBLPUSH -> Drblpush.read(file, text(content), files, draft);
      case MAC_LIST -> MacList.read(file, text(content), draft);
      case WAREWULF -> Warewulf.read(file, text(content), draft);
    }
  }

  private static String text(byte[] content) {
    return Texts.decoded(new String(content, StandardCharsets.ISO_8859_1));
  }

  /** Tells what another reader says of a line that it does not take. */
  public void ignored(String file, int line, String text) {
    report.ignored(new Place(file, line), text);
  }

  /** What became of each line. */
  public Report report() {
    return report;
  }

  /** The leases that were read, as {@code krgboot leases restore} takes them; empty if none. */
  public Optional<String> leases() {
    return leases.isEmpty() ? Optional.empty() : Optional.of(DhcpdLeases.dump(leases));
  }

  /** Everything that was read; contradictions between the files are reported here. Ask once. */
  public Configuration configuration() {
    return draft.configuration();
  }
}
