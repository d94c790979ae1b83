/**
 * The server as a stranger sees it: a client written from RFC 1813, 1057, 1833 and 4506 alone,
 * which shares no code with the server, and what it expects of a root file system.
 */
package org.krgboot.nfs.wire;
