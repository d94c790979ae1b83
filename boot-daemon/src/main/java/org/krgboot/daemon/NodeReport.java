package org.krgboot.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.krgboot.model.BootStage;
import org.krgboot.model.BootTimeline;
import org.krgboot.model.NodeProgress;

/**
 * One node and its last boots as the API tells them. Text that is not known is empty.
 *
 * @param kernel the number of the stored kernel that it loaded last; 0 if it was none
 * @param boots oldest first
 * @param stages how long the last boot took to each stage that it reached, beside the other nodes
 */
public record NodeReport(NodeRow node, int kernel, List<Boot> boots, List<Stage> stages) {
  /** One boot. */
  public record Boot(Instant powerOn, long bytes, long resent, List<Step> steps) {}

  /**
   * One step of a boot.
   *
   * @param milliseconds since power-on
   * @param stage the stage that the node entered by it, else empty
   * @param times how often in a row
   */
  public record Step(long milliseconds, String stage, String text, int times) {}

  /**
   * How long it took to reach a stage.
   *
   * @param milliseconds since power-on
   * @param median the same of the other nodes' current boots; -1 if there are none
   * @param others of how many nodes
   */
  public record Stage(String stage, long milliseconds, long median, int others) {}

  /** Of one node among all; {@code row} is what is told of it as of any. */
  static NodeReport of(
      NodeRow row, int kernel, BootTimeline timeline, NodeProgress node, List<NodeProgress> all) {
    List<NodeProgress> others =
        all.stream().filter(other -> !other.mac().equals(node.mac())).toList();
    return new NodeReport(
        row,
        kernel,
        timeline.boots().stream().map(NodeReport::boot).toList(),
        stages(node, others));
  }

  private static Boot boot(BootTimeline.Boot boot) {
    return new Boot(
        boot.progress().powerOn(),
        boot.bytes(),
        boot.resent(),
        boot.steps().stream()
            .map(step ->
                new Step(
                    step.after().toMillis(),
                    step.entered().map(BootStage::label).orElse(""),
                    EventText.of(step.event()),
                    step.times()))
            .toList());
  }

  private static List<Stage> stages(NodeProgress node, List<NodeProgress> others) {
    List<Stage> stages = new ArrayList<>();
    for (BootStage stage : BootStage.values()) {
      node.untilStage(stage)
          .ifPresent(took -> {
            List<Duration> theirs =
                others.stream().flatMap(other -> other.untilStage(stage).stream()).toList();
            stages.add(new Stage(stage.label(), took.toMillis(), median(theirs), theirs.size()));
          });
    }
    return stages;
  }

  private static long median(List<Duration> durations) {
    if (durations.isEmpty()) {
      return -1;
    }
    List<Duration> sorted = new ArrayList<>(durations);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2).toMillis();
  }
}
