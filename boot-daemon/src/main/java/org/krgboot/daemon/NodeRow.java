package org.krgboot.daemon;

import java.time.Instant;
import java.util.Objects;
import org.krgboot.model.NodeProgress;
import org.krgboot.model.NodeRange;

/**
 * One node as the API tells it. Text that is not known is empty.
 *
 * @param stage a {@link org.krgboot.model.BootStage} label
 * @param since when it entered the stage
 * @param powerOn when its firmware first asked in this boot
 * @param target what an operator told it to boot
 * @param standing how an operator has it stand: fenced, rejected or waiting
 */
public record NodeRow(
    String name,
    String address,
    String mac,
    String stage,
    Instant since,
    Instant powerOn,
    String trouble,
    String target,
    String standing) {
  /** The stage of a node that the configuration names and nobody has seen. */
  public static final String NOT_SEEN = "not seen";

  /** Journals of older versions, and clients, leave out what they do not know. */
  public NodeRow {
    standing = Objects.requireNonNullElse(standing, "");
  }

  static NodeRow notSeen(NodeRange.Identity node, String target, String standing, Instant now) {
    return new NodeRow(
        node.name().map(Object::toString).orElse(""),
        node.address().map(Object::toString).orElse(""),
        node.mac().toString(),
        NOT_SEEN,
        now,
        now,
        "",
        target,
        standing);
  }

  static NodeRow of(NodeProgress node, NodeRange.Identity known, String target, String standing) {
    return new NodeRow(
        known.name().map(Object::toString).orElse(""),
        node.address().map(Object::toString).orElse(""),
        node.mac().toString(),
        node.stage().label(),
        node.since(),
        node.powerOn(),
        node.trouble().orElse(""),
        target,
        standing);
  }
}
