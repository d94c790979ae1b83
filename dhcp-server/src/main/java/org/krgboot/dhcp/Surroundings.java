package org.krgboot.dhcp;

import java.util.function.Function;
import java.util.function.Predicate;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * What others know of nodes. Asked on the server's loop, so neither may wait.
 *
 * @param inUse true for an address whose node uses it, whatever its lease says; it is then given to
 *     no other
 * @param standing what an operator says of a node, whatever the configuration says of it
 */
public record Surroundings(Predicate<Ipv4> inUse, Function<MacAddress, Standing> standing) {
  /** Nothing is known. */
  public static final Surroundings UNKNOWN = new Surroundings(_ -> false, _ -> Standing.SERVED);

  /** Whether a node may be served at all. */
  public enum Standing {
    SERVED,
    /** It is not wanted here. */
    REJECTED,
    /** It is shut out for a while. */
    FENCED
  }
}
