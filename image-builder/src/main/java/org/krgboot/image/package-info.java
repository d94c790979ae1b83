/**
 * Builds node roots: a directory with a bootable Debian that every node mounts by NFS.
 *
 * <p>The building is done by Debian's own tools, run as child processes; what makes the result a
 * shared, diskless root is in {@link org.krgboot.image.RootFiles} as data.
 */
@NullMarked
package org.krgboot.image;

import org.jspecify.annotations.NullMarked;
