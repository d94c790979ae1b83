package org.krgboot.daemon;

import java.time.Instant;
import org.krgboot.model.BootEvent;

/**
 * One event as the API tells it. Text that is not known is empty.
 *
 * @param id grows with each event
 * @param node what the node is called now: its name, else its MAC address, else the address
 * @param text the event in words
 * @param event all that is known of it
 */
public record EventRow(long id, Instant at, String node, String mac, String text, BootEvent event) {
  static EventRow of(EventHistory.Entry entry, KnownNodes known, Cluster cluster) {
    return new EventRow(
        entry.id(),
        entry.event().at(),
        entry
            .mac()
            .map(mac -> KnownNodes.label(known.of(mac)))
            .orElseGet(() -> cluster.label(entry.event())),
        entry.mac().map(Object::toString).orElse(""),
        EventText.of(entry.event()),
        entry.event());
  }
}
