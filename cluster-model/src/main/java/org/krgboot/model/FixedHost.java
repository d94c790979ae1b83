package org.krgboot.model;

import java.util.Optional;

/**
 * A node that the configuration names: by its MAC address it gets its own address, its own name, or
 * both.
 */
public record FixedHost(MacAddress mac, Optional<Ipv4> address, Optional<NodeName> name) {}
