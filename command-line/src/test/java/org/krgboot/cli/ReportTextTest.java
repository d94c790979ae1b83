package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.daemon.EventRow;
import org.krgboot.daemon.NodeReport;
import org.krgboot.daemon.NodeRow;
import org.krgboot.daemon.WhyReport;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** What the commands print of what the daemon told them. */
class ReportTextTest {
  private static final MacAddress MAC = MacAddress.parse("52:54:00:00:00:01");
  private static final NodeRow NODE =
      new NodeRow(
          "krgnode101",
          "10.0.0.101",
          MAC.toString(),
          "dhcp",
          Instant.EPOCH,
          Instant.EPOCH,
          "lpxelinux.0: not there",
          "",
          "");

  @Test
  void why_names_the_place_what_was_seen_and_the_remedy() {
    assertThat(
            WhyCommand.text(
                new WhyReport(
                    NODE,
                    "its firmware asked for an address",
                    58,
                    "it fetches its boot loader",
                    "FILE_MISSING",
                    "the file is not there",
                    "lpxelinux.0: not there",
                    "krgboot check")))
        .contains("krgnode101: its firmware asked for an address (dhcp); last seen 58 s ago")
        .contains("seen      lpxelinux.0: not there")
        .contains("krgboot check");
  }

  @Test
  void a_node_is_told_with_the_steps_of_its_boot() {
    NodeReport report =
        new NodeReport(
            NODE,
            7,
            List.of(
                new NodeReport.Boot(
                    Instant.EPOCH,
                    0,
                    0,
                    List.of(
                        new NodeReport.Step(0, "dhcp", "dhcp: offered 10.0.0.101", 1),
                        new NodeReport.Step(2000, "", "tftp: lpxelinux.0: not there", 1)))),
            List.of(new NodeReport.Stage("dhcp", 0, -1, 0)));
    assertThat(NodeCommand.text(report, 1, InstantSource.fixed(Instant.ofEpochSecond(60)), ""))
        .contains("krgnode101  52:54:00:00:00:01  10.0.0.101  dhcp since 1 min")
        .contains("2.0             tftp: lpxelinux.0: not there");
  }

  @Test
  void an_event_is_one_line_with_its_node() {
    BootEvent offered =
        new BootEvent.AddressOffered(Instant.EPOCH, MAC, Ipv4.parse("10.0.0.101"), "PXEClient");
    assertThat(
            EventsCommand.line(
                new EventRow(
                    1,
                    Instant.EPOCH,
                    "krgnode101",
                    MAC.toString(),
                    "dhcp: offered 10.0.0.101 (PXEClient)",
                    offered)))
        .endsWith("krgnode101       dhcp: offered 10.0.0.101 (PXEClient)");
  }
}
