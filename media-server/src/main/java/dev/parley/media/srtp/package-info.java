/**
 * SRTP and SRTCP contexts (RFC 3711, RFC 7714) over jitsi-srtp, which holds the replay windows and
 * roll-over counters. Ours are the bounds: how many SSRCs a peer may use, how often it may fail,
 * and that no packet raises an exception.
 */
@NullMarked
package dev.parley.media.srtp;

import org.jspecify.annotations.NullMarked;
