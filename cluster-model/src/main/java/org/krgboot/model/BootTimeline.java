package org.krgboot.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The boots of one node, as the servers saw them: what happened, how long after power-on. Pure.
 *
 * @param boots oldest first; the first may lack its beginning, where older events are forgotten
 */
public record BootTimeline(List<Boot> boots) {
  /**
   * One boot, from its firmware's first request on.
   *
   * @param progress how far it got
   * @param steps in the order in which they happened
   * @param seen when the newest of its events was
   */
  public record Boot(NodeProgress progress, List<Step> steps, Instant seen) {
    public Boot {
      steps = List.copyOf(steps);
    }

    /** Bytes of boot files that were sent whole. */
    public long bytes() {
      return steps.stream().mapToLong(Step::bytes).sum();
    }

    /** Blocks of boot files that had to go out again. */
    public long resent() {
      return steps.stream().mapToLong(Step::resent).sum();
    }
  }

  /**
   * Something that happened, once or several times in a row.
   *
   * @param after since power-on
   * @param entered the stage that the node entered by it, if it was a new one
   * @param event the first of them
   * @param times how often in a row
   */
  public record Step(Duration after, Optional<BootStage> entered, BootEvent event, int times) {
    private long bytes() {
      return event instanceof BootEvent.FileSent sent ? sent.bytes() : 0;
    }

    private long resent() {
      return event instanceof BootEvent.FileSent sent ? sent.resent() : 0;
    }
  }

  public BootTimeline {
    boots = List.copyOf(boots);
  }

  /**
   * Tells the boots apart.
   *
   * @param events those of this node, oldest first
   */
  public static BootTimeline of(MacAddress mac, List<BootEvent> events) {
    List<Boot> boots = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    NodeProgress before = null;
    Instant seen = Instant.EPOCH;
    for (BootEvent event : events) {
      if (event instanceof BootEvent.NodeOrdered) {
        if (before != null) {
          steps.add(orderIn(before, event));
        }
        continue; // nothing was seen of the node itself
      }
      NodeProgress now = before == null ? NodeProgress.first(mac, event) : before.after(event);
      if (before != null && !now.powerOn().equals(before.powerOn())) {
        boots.add(new Boot(before, steps, seen));
        steps.clear();
        before = null;
      }
      boolean enters = before == null || now.stage() != before.stage();
      Duration after = Duration.between(now.powerOn(), event.at());
      add(steps, new Step(after, enters ? Optional.of(now.stage()) : Optional.empty(), event, 1));
      before = now;
      seen = event.at();
    }
    if (before != null) {
      boots.add(new Boot(before, steps, seen));
    }
    return new BootTimeline(boots);
  }

  private static Step orderIn(NodeProgress boot, BootEvent event) {
    return new Step(Duration.between(boot.powerOn(), event.at()), Optional.empty(), event, 1);
  }

  /** A step like the last one is counted there: a node that asks again and again is one line. */
  private static void add(List<Step> steps, Step next) {
    if (!steps.isEmpty() && alike(steps.getLast().event(), next.event())) {
      Step last = steps.removeLast();
      steps.add(new Step(last.after(), last.entered(), last.event(), last.times() + 1));
    } else {
      steps.add(next);
    }
  }

  private static boolean alike(BootEvent a, BootEvent b) {
    return switch (a) {
      case BootEvent.AddressOffered e ->
          b instanceof BootEvent.AddressOffered f
              && e.address().equals(f.address())
              && e.client().equals(f.client());
      case BootEvent.AddressAcknowledged e ->
          b instanceof BootEvent.AddressAcknowledged f
              && e.address().equals(f.address())
              && e.client().equals(f.client());
      case BootEvent.AddressRefused e ->
          b instanceof BootEvent.AddressRefused f && e.reason().equals(f.reason());
      case BootEvent.FileRefused e ->
          b instanceof BootEvent.FileRefused f
              && e.file().equals(f.file())
              && e.reason().equals(f.reason());
      case BootEvent.MountRefused e ->
          b instanceof BootEvent.MountRefused f
              && e.path().equals(f.path())
              && e.reason().equals(f.reason());
      case BootEvent.RootMounted e ->
          b instanceof BootEvent.RootMounted f && e.path().equals(f.path());
      case BootEvent.OtherOfferTaken e ->
          b instanceof BootEvent.OtherOfferTaken f && e.server().equals(f.server());
      case BootEvent.AddressReturned _,
          BootEvent.FileSent _,
          BootEvent.RootFirstRead _,
          BootEvent.InitNotFound _,
          BootEvent.InitRead _,
          BootEvent.LoginStarted _,
          BootEvent.NodeOrdered _,
          BootEvent.ConfigurationRead _ ->
          false;
    };
  }
}
