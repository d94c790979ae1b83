/**
 * The words that the servers share. They never depend on each other; they meet here.
 *
 * <p>Everything in this package is a value or a seam: no threads, no I/O, no clock.
 */
@NullMarked
package org.krgboot.model;

import org.jspecify.annotations.NullMarked;
