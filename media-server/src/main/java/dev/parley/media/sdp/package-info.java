/**
 * Offer and answer (RFC 3264, 8829) for one bundled transport of Opus audio: text in, text out.
 *
 * <p>{@link dev.parley.media.sdp.Negotiator} reads an offer and decides, line by line; {@link
 * dev.parley.media.sdp.SdpAnswer} writes the answer once the rest of the server has chosen ports,
 * credentials and SSRCs. Nothing here knows a socket, a thread, a clock or a log; all values are
 * immutable.
 */
package dev.parley.media.sdp;
