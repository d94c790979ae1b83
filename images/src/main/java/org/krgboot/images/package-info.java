/**
 * Numbered node roots. An image never changes; what is published is one of them, by a link; nodes
 * that write do so to a copy.
 *
 * <pre>
 * STORE/sealed/7/root       the image; exported read-only
 * STORE/sealed/7/image      what it is
 * STORE/sealed/7/inventory  every file of it
 * STORE/live/7              what nodes may write of it: all (read-write) or some directories (read-only)
 * STORE/pins                numbers that are never removed
 * STORE/publications        which was published when, under which name
 * STORE/building            what is not done yet
 * </pre>
 */
@NullMarked
package org.krgboot.images;

import org.jspecify.annotations.NullMarked;
