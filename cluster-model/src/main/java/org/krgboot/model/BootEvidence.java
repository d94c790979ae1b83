package org.krgboot.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the table of {@link Symptom}s looks at.
 *
 * @param progress how far the last boot is
 * @param steps those of the last boot
 * @param trouble the newest refusal that no step forward has followed; of the boot before, if that
 *     ended with it and the node began anew
 * @param silent how long nothing has been seen of the node
 * @param restarts the boots before the last one, newest first, that all ended at the same stage,
 *     each soon followed by the next
 */
record BootEvidence(
    NodeProgress progress,
    List<BootTimeline.Step> steps,
    Optional<BootTimeline.Step> trouble,
    Duration silent,
    List<BootTimeline.Boot> restarts) {
  /** A node that somebody switched on again later has not restarted by itself. */
  private static final Duration SOON = Duration.ofMinutes(10);

  static BootEvidence of(BootTimeline timeline, Instant now) {
    BootTimeline.Boot last = timeline.boots().getLast();
    List<BootTimeline.Boot> restarts = restarts(timeline.boots());
    Duration silent = Duration.between(last.seen(), now);
    return new BootEvidence(
        last.progress(),
        last.steps(),
        troubleOf(last).or(() -> restarts.stream().findFirst().flatMap(BootEvidence::troubleOf)),
        silent.isNegative() ? Duration.ZERO : silent,
        restarts);
  }

  /** None, where the last boot has got further: what ended the others is mended. */
  private static List<BootTimeline.Boot> restarts(List<BootTimeline.Boot> boots) {
    int from = boots.size() - 1;
    if (from > 0 && stageOf(boots, from).compareTo(stageOf(boots, from - 1)) > 0) {
      return List.of();
    }
    while (from > 0 && isRestart(boots.get(from - 1), boots.get(from), boots)) {
      from--;
    }
    return boots.subList(from, boots.size() - 1).reversed();
  }

  private static BootStage stageOf(List<BootTimeline.Boot> boots, int index) {
    return boots.get(index).progress().stage();
  }

  private static boolean isRestart(
      BootTimeline.Boot earlier, BootTimeline.Boot later, List<BootTimeline.Boot> boots) {
    BootStage stage = stageOf(boots, boots.size() - 2);
    return earlier.progress().stage() == stage
        && Duration.between(earlier.seen(), later.progress().powerOn()).compareTo(SOON) < 0;
  }

  private static Optional<BootTimeline.Step> troubleOf(BootTimeline.Boot boot) {
    return boot.progress().trouble().isEmpty()
        ? Optional.empty()
        : boot.steps().reversed().stream().filter(step -> isTrouble(step.event())).findFirst();
  }

  private static boolean isTrouble(BootEvent event) {
    return switch (event) {
      case BootEvent.AddressRefused _,
          BootEvent.AddressReturned _,
          BootEvent.OtherOfferTaken _,
          BootEvent.MountRefused _,
          BootEvent.InitNotFound _ ->
          true;
      case BootEvent.FileRefused e -> !NodeProgress.isProbe(e.file());
      case BootEvent.AddressOffered _,
          BootEvent.AddressAcknowledged _,
          BootEvent.FileSent _,
          BootEvent.RootMounted _,
          BootEvent.RootFirstRead _,
          BootEvent.InitRead _,
          BootEvent.LoginStarted _,
          BootEvent.NodeOrdered _,
          BootEvent.ConfigurationRead _ ->
          false;
    };
  }

  boolean at(BootStage stage) {
    return progress.stage() == stage;
  }

  boolean silentFor(int seconds) {
    return silent.compareTo(Duration.ofSeconds(seconds)) >= 0;
  }

  /** How often the firmware was offered an address, and how often it took one, in this boot. */
  int offers() {
    return steps.stream()
        .filter(step -> step.event() instanceof BootEvent.AddressOffered)
        .mapToInt(BootTimeline.Step::times)
        .sum();
  }

  /**
   * What was told last of the NFS server's own files: what the node starts next. A daemon that did
   * not see the mount cannot tell, and says so with the first READ that it sees.
   */
  Optional<String> startsNext() {
    for (BootTimeline.Step step : steps.reversed()) {
      if (step.event() instanceof BootEvent.RootFirstRead read) {
        return Optional.of(read.init()).filter(init -> !init.isEmpty());
      }
      if (step.event() instanceof BootEvent.InitRead read) {
        return Optional.of(read.login()).filter(login -> !login.isEmpty());
      }
    }
    return Optional.empty();
  }

  boolean hasTakenAnAddress() {
    return steps.stream().anyMatch(step -> step.event() instanceof BootEvent.AddressAcknowledged);
  }
}
