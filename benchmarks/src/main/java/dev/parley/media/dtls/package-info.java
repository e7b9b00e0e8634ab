/** Stress tests of the handshakes' own hand-offs, which no other package may see. */
@NullMarked
package dev.parley.media.dtls;

import org.jspecify.annotations.NullMarked;
