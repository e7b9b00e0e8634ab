/**
 * SRTP and SRTCP contexts (RFC 3711, RFC 7714) over jitsi-srtp, which holds the roll-over counters
 * and, of receivers, the replay windows. Ours are the bounds: how many SSRCs a peer may use, how
 * often it may fail, that what leaves twice is the same, and that no packet raises an exception.
 */
@NullMarked
package dev.parley.media.srtp;

import org.jspecify.annotations.NullMarked;
