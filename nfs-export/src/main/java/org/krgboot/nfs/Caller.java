package org.krgboot.nfs;

/** Who calls, and from where. */
record Caller(Credential credential, Peer peer) {}
