/**
 * What the builders of roots and of kernels have in common: steps as data that are remembered when
 * they are done, programs that end with the build, and recipes whose mistakes are told with their
 * lines. Knows nothing of what is built.
 */
@NullMarked
package org.krgboot.steps;

import org.jspecify.annotations.NullMarked;
