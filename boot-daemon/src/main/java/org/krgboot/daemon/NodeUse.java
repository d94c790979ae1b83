package org.krgboot.daemon;

import java.time.Instant;
import org.krgboot.model.Ipv4;

/**
 * A node that used something, and no other of its kind since.
 *
 * @param node its name if that is known, else its address
 */
public record NodeUse<V>(Instant at, Ipv4 address, String node, V what) {}
