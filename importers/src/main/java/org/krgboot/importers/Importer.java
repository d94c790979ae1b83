package org.krgboot.importers;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.model.Ipv4;

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
      default -> report.error(new Place(file, 1), "not read yet");
    }
  }

  private static String text(byte[] content) {
    return Texts.decoded(new String(content, StandardCharsets.ISO_8859_1));
  }

  /** What became of each line. */
  public Report report() {
    return report;
  }

  /** Everything that was read; contradictions between the files are reported here. Ask once. */
  public Configuration configuration() {
    return draft.configuration();
  }
}
