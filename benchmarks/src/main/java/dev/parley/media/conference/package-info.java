/** Stress tests of the mix agent's own hand-offs, which no other package may see. */
@NullMarked
package dev.parley.media.conference;

import org.jspecify.annotations.NullMarked;
