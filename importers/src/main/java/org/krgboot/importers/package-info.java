/**
 * From the configuration of other boot servers to ours, with a report by line, and the way back.
 */
@NullMarked
package org.krgboot.importers;

import org.jspecify.annotations.NullMarked;
