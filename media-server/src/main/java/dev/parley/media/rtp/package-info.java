/**
 * The RTP packet (RFC 3550 section 5), its header extensions (RFC 8285) and the two audio level
 * extensions (RFC 6464, RFC 6465).
 */
package dev.parley.media.rtp;
