package org.krgboot.daemon;

import java.time.Instant;
import org.krgboot.model.BootTimeline;
import org.krgboot.model.Diagnosis;
import org.krgboot.model.Symptom;

/**
 * Why a node is where it is, as the API tells it. Text that does not apply is empty.
 *
 * @param meaning what a node does at its stage
 * @param silentSeconds how long nothing has been seen of it
 * @param expected what it does next
 * @param symptom the row of the table, {@link Symptom}; empty if nothing is known to be wrong
 */
public record WhyReport(
    NodeRow node,
    String meaning,
    long silentSeconds,
    String expected,
    String symptom,
    String cause,
    String evidence,
    String remedy) {

  /** Whatever keeps it else: nothing is served to it. */
  WhyReport fenced(Instant since) {
    return new WhyReport(
        node,
        meaning,
        silentSeconds,
        expected,
        Symptom.FENCED.name(),
        Symptom.FENCED.cause(),
        "fenced since " + since,
        Symptom.FENCED.remedy());
  }

  static WhyReport of(NodeRow node, BootTimeline timeline, Instant now) {
    Diagnosis diagnosis = Diagnosis.of(timeline, now);
    return new WhyReport(
        node,
        diagnosis.stage().meaning(),
        diagnosis.silent().toSeconds(),
        diagnosis.expected(),
        diagnosis.finding().map(found -> found.symptom().name()).orElse(""),
        diagnosis.finding().map(found -> found.symptom().cause()).orElse(""),
        diagnosis.finding().map(Diagnosis.Finding::evidence).orElse(""),
        diagnosis.finding().map(found -> found.symptom().remedy()).orElse(""));
  }
}
