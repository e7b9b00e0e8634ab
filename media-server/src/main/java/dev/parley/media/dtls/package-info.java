/**
 * DTLS-SRTP (RFC 5764, RFC 8827 §6.5): Bouncy Castle's blocking DTLS 1.2 behind bounded queues,
 * each peer on a virtual thread of its own, and only a few of them computing at once.
 */
@NullMarked
package dev.parley.media.dtls;

import org.jspecify.annotations.NullMarked;
