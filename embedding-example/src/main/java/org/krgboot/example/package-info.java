/** The boot server inside a program of somebody else: docs/embedding.md. */
@NullMarked
package org.krgboot.example;

import org.jspecify.annotations.NullMarked;
