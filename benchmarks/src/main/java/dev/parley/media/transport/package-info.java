/**
 * Benchmarks and stress tests of the event loop's parts, in the package of those parts because most
 * are its own business.
 */
@NullMarked
package dev.parley.media.transport;

import org.jspecify.annotations.NullMarked;
