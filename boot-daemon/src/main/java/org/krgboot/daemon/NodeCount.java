package org.krgboot.daemon;

import java.util.List;
import org.krgboot.model.BootStage;

/**
 * How the nodes are, in two numbers.
 *
 * @param up those that one can log in to
 * @param known all that were seen, or that the configuration names
 */
public record NodeCount(int up, int known) {
  static NodeCount of(List<NodeRow> nodes) {
    long up = nodes.stream().filter(node -> node.stage().equals(BootStage.UP.label())).count();
    return new NodeCount((int) up, nodes.size());
  }

  /** {@code 12 of 15 nodes up}. */
  @Override
  public String toString() {
    return up + " of " + known + (known == 1 ? " node up" : " nodes up");
  }
}
