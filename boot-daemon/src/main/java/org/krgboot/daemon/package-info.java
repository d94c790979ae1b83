/**
 * The program: reads the configuration, starts the servers in boot order, keeps what they saw, and
 * answers the command line. The only package that knows all others, and the only one that exits.
 */
@NullMarked
package org.krgboot.daemon;

import org.jspecify.annotations.NullMarked;
