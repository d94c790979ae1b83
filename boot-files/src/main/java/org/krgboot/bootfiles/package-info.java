/**
 * From the name that a node asks for to bytes: the user's own files in a jail, and what boot
 * loaders read, rendered at the moment of reading so that nothing can go stale.
 */
@NullMarked
package org.krgboot.bootfiles;

import org.jspecify.annotations.NullMarked;
