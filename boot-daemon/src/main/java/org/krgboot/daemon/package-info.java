/**
 * The daemon: starts the servers in boot order, keeps what they saw, answers the admin API. It
 * never ends the process, so that a bigger program can hold it.
 */
@NullMarked
package org.krgboot.daemon;

import org.jspecify.annotations.NullMarked;
