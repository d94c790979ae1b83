/**
 * A cluster in a box: QEMU nodes that boot over the network, in a network namespace of their own.
 * Nothing leaves the namespace, and two labs on one machine do not meet.
 */
@NullMarked
package org.krgboot.lab;

import org.jspecify.annotations.NullMarked;
