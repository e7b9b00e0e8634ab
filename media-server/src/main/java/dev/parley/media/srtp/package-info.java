/**
 * SRTP and SRTCP contexts (RFC 3711, RFC 7714). AES-GCM is ours, framing, roll-over counters and
 * replay windows, computed by libcrypto; AES-CM, and GCM where libcrypto cannot be called, is
 * jitsi-srtp's. Around both are the bounds: how many SSRCs a peer may use, how often it may fail,
 * that what leaves twice is the same, and that no packet raises an exception.
 */
@NullMarked
package dev.parley.media.srtp;

import org.jspecify.annotations.NullMarked;
