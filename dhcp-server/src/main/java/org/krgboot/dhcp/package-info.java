/**
 * DHCP for network boot: {@code DhcpCodec.decode} reads a datagram, {@code DhcpEngine.decide} says
 * what to do without doing it, {@link org.krgboot.dhcp.LeaseStore} makes it durable, {@code
 * DhcpCodec.encode} writes the reply, {@link org.krgboot.dhcp.DhcpServer} sends it.
 */
@NullMarked
package org.krgboot.dhcp;

import org.jspecify.annotations.NullMarked;
