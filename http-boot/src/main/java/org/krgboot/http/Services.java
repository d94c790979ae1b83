package org.krgboot.http;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.model.RefusalThrottle;

/**
 * What all connections share.
 *
 * @param clock for the time in events and answers
 * @param disk where calls that may block run
 */
record Services(
    HttpConfig config,
    BootFileTree tree,
    BootEvent.Sink sink,
    InstantSource clock,
    Executor disk,
    Counters counters,
    RefusalThrottle throttle) {

  /** Tells the operator, within bounds, that a file was not sent, or not to its end. */
  void tellRefused(Ipv4 client, String file, BootEvent.Refusal why, String reason) {
    Instant now = clock.instant();
    if (throttle.lets(client, now)) {
      sink.accept(
          new BootEvent.FileRefused(
              now, client, BootEvent.Carrier.HTTP, printable(file), why, printable(reason)));
    } else {
      counters.eventsSuppressed.increment();
    }
  }

  static Ipv4 address(InetSocketAddress client) {
    return Ipv4.of(client.getAddress().getAddress());
  }

  /** A stranger's text, safe for a log line and an operator's terminal. */
  static String printable(String text) {
    String shown = text.length() <= 256 ? text : text.substring(0, 256) + "...";
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
