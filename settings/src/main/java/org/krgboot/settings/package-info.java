/**
 * The configuration: {@code krgboot.toml} and flags become what each server is started with. Every
 * mistake is told with its line, all of them at once. Starts nothing, writes nothing.
 */
@NullMarked
package org.krgboot.settings;

import org.jspecify.annotations.NullMarked;
