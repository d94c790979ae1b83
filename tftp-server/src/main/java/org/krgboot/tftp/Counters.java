package org.krgboot.tftp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the server counts, and the names under which it is told. */
final class Counters {
  final LongAdder requests = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder busy = new LongAdder();
  final LongAdder waited = new LongAdder();
  final LongAdder repeatedRequests = new LongAdder();
  final LongAdder stoppedByClient = new LongAdder();
  final LongAdder givenUp = new LongAdder();
  final LongAdder sentFiles = new LongAdder();
  final LongAdder sentBytes = new LongAdder();
  final LongAdder resent = new LongAdder();

  /** Octets of all packets with data, those sent again among them: for {@link Admission}. */
  final LongAdder onTheWire = new LongAdder();

  final LongAdder sendErrors = new LongAdder();
  final LongAdder bugs = new LongAdder();
  final LongAdder eventsSuppressed = new LongAdder();

  Map<String, Long> snapshot(long active) {
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("tftp.requests", requests.sum());
    counters.put("tftp.malformed", malformed.sum());
    counters.put("tftp.refused", refused.sum());
    counters.put("tftp.busy", busy.sum());
    counters.put("tftp.waited", waited.sum());
    counters.put("tftp.repeated.requests", repeatedRequests.sum());
    counters.put("tftp.stopped.by.client", stoppedByClient.sum());
    counters.put("tftp.given.up", givenUp.sum());
    counters.put("tftp.sent.files", sentFiles.sum());
    counters.put("tftp.sent.bytes", sentBytes.sum());
    counters.put("tftp.resent", resent.sum());
    counters.put("tftp.send.errors", sendErrors.sum());
    counters.put("tftp.bugs", bugs.sum());
    counters.put("tftp.events.suppressed", eventsSuppressed.sum());
    counters.put("tftp.active", active);
    return counters;
  }
}
