package org.krgboot.daemon;

import java.util.Locale;
import org.krgboot.model.BootEvent;

/** One line of text for an event, as the log shows it; the node comes before it. */
final class EventText {
  private EventText() {}

  static String of(BootEvent event) {
    return switch (event) {
      case BootEvent.AddressOffered e -> "dhcp: offered " + e.address() + asked(e.client());
      case BootEvent.AddressAcknowledged e ->
          "dhcp: " + e.address() + " is " + e.name() + asked(e.client());
      case BootEvent.AddressRefused e -> "dhcp: refused: " + e.reason();
      case BootEvent.AddressReturned e -> "dhcp: " + e.address() + " " + e.how();
      case BootEvent.FileSent e -> name(e.carrier()) + ": sent " + e.file() + sent(e);
      case BootEvent.FileRefused e -> name(e.carrier()) + ": " + e.file() + ": " + e.reason();
      case BootEvent.RootMounted e -> "nfs: mounted " + e.path();
      case BootEvent.MountRefused e -> "nfs: " + e.path() + ": refused: " + e.reason();
      case BootEvent.RootFirstRead e -> "nfs: reads from its root";
      case BootEvent.OtherOfferTaken e -> "dhcp: took the offer of another server, " + e.server();
      case BootEvent.InitNotFound e -> "nfs: " + e.path() + ": looked for init in vain";
      case BootEvent.InitRead e -> "nfs: starts " + e.init();
      case BootEvent.LoginStarted e -> "nfs: starts " + e.program() + ": it is up";
      case BootEvent.NodeOrdered e ->
          "operator: "
              + switch (e.order()) {
                case APPROVED -> "approved" + (e.detail().isEmpty() ? "" : " as " + e.detail());
                case REJECTED -> "rejected";
                case FENCED -> "fenced: DHCP, TFTP, HTTP and NFS refuse it";
                case UNFENCED -> "not fenced any more";
                case BOOT -> "to boot " + e.detail();
                case BOOT_DONE -> "has booted " + e.detail() + ", as it was told to do once";
              };
      case BootEvent.ConfigurationRead e ->
          switch (e.what()) {
            case ACCEPTED -> "configuration " + e.number() + " holds: " + e.detail();
            case REFUSED -> "configuration refused, the one before holds: " + e.detail();
          };
    };
  }

  private static String name(BootEvent.Carrier carrier) {
    return carrier.name().toLowerCase(Locale.ROOT);
  }

  private static String asked(String client) {
    return client.isEmpty() ? "" : " (" + client + ")";
  }

  private static String sent(BootEvent.FileSent e) {
    String resent = e.resent() == 0 ? "" : ", " + e.resent() + " blocks twice";
    return String.format(
        Locale.ROOT, " (%d bytes in %.1f s%s)", e.bytes(), e.took().toMillis() / 1000.0, resent);
  }
}
