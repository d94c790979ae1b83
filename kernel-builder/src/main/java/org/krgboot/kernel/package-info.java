/**
 * Builds kernels by a recipe, without the daemon and without a network: the trees, the patches, the
 * configuration and the compiler are the recipe's. Nothing of anybody's source is in here.
 */
@NullMarked
package org.krgboot.kernel;

import org.jspecify.annotations.NullMarked;
