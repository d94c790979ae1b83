package org.krgboot.daemon;

import java.util.List;
import org.krgboot.model.BootStage;
import org.krgboot.model.NodeProgress;

/**
 * How the nodes are, in two numbers.
 *
 * @param up those that run from their root
 * @param known all that were seen
 */
public record NodeCount(int up, int known) {
  static NodeCount of(List<NodeProgress> nodes) {
    long up = nodes.stream().filter(node -> node.stage().compareTo(BootStage.RUNNING) >= 0).count();
    return new NodeCount((int) up, nodes.size());
  }

  /** {@code 12 of 15 nodes up}. */
  @Override
  public String toString() {
    return up + " of " + known + (known == 1 ? " node up" : " nodes up");
  }
}
