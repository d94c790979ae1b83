package org.krgboot.linux;

import java.net.Inet6Address;

/**
 * One ICMPv6 message as it came; the kernel has checked its checksum.
 *
 * @param bytes from the type on
 * @param source who sent it, with the scope of the interface if it is link-local
 * @param hopLimit what is left of it: 255 means that no router has passed it on
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Icmp6Packet(byte[] bytes, Inet6Address source, int hopLimit) {}
