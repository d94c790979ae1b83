package org.krgboot.dhcp;

import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * What holds for one reply, once all scopes are laid over each other.
 *
 * @param serverId option 54
 */
record Terms(Subnet subnet, Ipv4 serverId, NodeOptions node) {}
