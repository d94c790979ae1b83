package org.krgboot.daemon;

import java.time.Instant;
import org.krgboot.model.NodeProgress;

/**
 * One node as the API tells it. Text that is not known is empty.
 *
 * @param stage a {@link org.krgboot.model.BootStage} label
 * @param since when it entered the stage
 * @param powerOn when its firmware first asked in this boot
 * @param target what an operator told it to boot
 */
public record NodeRow(
    String name,
    String address,
    String mac,
    String stage,
    Instant since,
    Instant powerOn,
    String trouble,
    String target) {

  static NodeRow of(NodeProgress node, String target) {
    return new NodeRow(
        node.name().map(Object::toString).orElse(""),
        node.address().map(Object::toString).orElse(""),
        node.mac().toString(),
        node.stage().label(),
        node.since(),
        node.powerOn(),
        node.trouble().orElse(""),
        target);
  }
}
