/**
 * The program: its commands, most of them clients of the admin API. The only package that knows all
 * others, and the only one that exits.
 */
@NullMarked
package org.krgboot.cli;

import org.jspecify.annotations.NullMarked;
