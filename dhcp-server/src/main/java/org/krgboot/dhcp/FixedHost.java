package org.krgboot.dhcp;

import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/**
 * A host that the configuration names: it gets its own address, its own name, its own options, or
 * all of them.
 */
public record FixedHost(
    HostKey key, Optional<Ipv4> address, Optional<NodeName> name, ScopeOptions options) {}
