package org.krgboot.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Why a node is where it is: the first row of the table of {@link Symptom}s that fits its last
 * boots. Pure.
 *
 * @param stage where it stands
 * @param silent how long nothing has been seen of it
 * @param expected what a node does next at that stage; empty where the boot is done
 * @param finding the most likely cause; empty if nothing is known to be wrong
 */
public record Diagnosis(
    BootStage stage, Duration silent, String expected, Optional<Finding> finding) {
  /**
   * A cause that fits.
   *
   * @param evidence what was seen of this node
   */
  public record Finding(Symptom symptom, String evidence) {}

  /**
   * Looks at the boots of one node.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Diagnosis of(BootTimeline timeline, Instant now) {
    if (timeline.boots().isEmpty()) {
      throw new IllegalArgumentException("nothing has been seen of this node");
    }
    BootEvidence evidence = BootEvidence.of(timeline, now);
    BootStage stage = evidence.progress().stage();
    return new Diagnosis(stage, evidence.silent(), expected(stage), finding(evidence));
  }

  private static Optional<Finding> finding(BootEvidence evidence) {
    for (Symptom symptom : Symptom.values()) {
      Optional<String> seen = symptom.seenIn(evidence);
      if (seen.isPresent()) {
        return Optional.of(new Finding(symptom, seen.get()));
      }
    }
    return Optional.empty();
  }

  private static String expected(BootStage stage) {
    return switch (stage) {
      case DHCP -> "its firmware takes an address and asks for the boot loader, by TFTP or HTTP";
      case LOADER -> "the boot loader asks for kernel and initrd";
      case KERNEL -> "the kernel starts and asks for an address by DHCP";
      case STARTING -> "the kernel or its initrd mounts the root by NFS";
      case MOUNTED -> "it reads from its root";
      case READING -> "it reads init and starts it";
      case INIT -> "init starts what lets people log in";
      case UP -> "";
    };
  }
}
