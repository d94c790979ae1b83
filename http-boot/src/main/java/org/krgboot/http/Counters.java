package org.krgboot.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the server counts, and the names under which it is told. */
final class Counters {
  final LongAdder requests = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder busy = new LongAdder();
  final LongAdder notModified = new LongAdder();
  final LongAdder sentFiles = new LongAdder();
  final LongAdder sentParts = new LongAdder();
  final LongAdder sentBytes = new LongAdder();
  final LongAdder brokenOff = new LongAdder();
  final LongAdder idleClosed = new LongAdder();
  final LongAdder tlsFailed = new LongAdder();
  final LongAdder eventsSuppressed = new LongAdder();

  Map<String, Long> snapshot(long connections) {
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("http.requests", requests.sum());
    counters.put("http.malformed", malformed.sum());
    counters.put("http.refused", refused.sum());
    counters.put("http.busy", busy.sum());
    counters.put("http.not.modified", notModified.sum());
    counters.put("http.sent.files", sentFiles.sum());
    counters.put("http.sent.parts", sentParts.sum());
    counters.put("http.sent.bytes", sentBytes.sum());
    counters.put("http.broken.off", brokenOff.sum());
    counters.put("http.idle.closed", idleClosed.sum());
    counters.put("http.tls.failed", tlsFailed.sum());
    counters.put("http.events.suppressed", eventsSuppressed.sum());
    counters.put("http.connections", connections);
    return counters;
  }
}
