/** Kernels for nodes, as a build leaves them: what was made of what, and whether it can boot. */
@NullMarked
package org.krgboot.kernels;

import org.jspecify.annotations.NullMarked;
