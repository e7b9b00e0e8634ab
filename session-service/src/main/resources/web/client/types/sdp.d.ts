/**
 * Adds `stereo=1` to the Opus parameters of every audio line of an SDP offer (RFC 7587 section 6.1).
 *
 * Chromium decides from its own local description whether it decodes two channels, and leaves `stereo` out of it; so
 * this is done to our own offer before setLocalDescription.
 *
 * @param {string} sdp
 * @returns {string}
 */
export declare function withStereo(sdp: string): string;
/**
 * Adds generic NACK for Opus to every audio line of an SDP offer (RFC 4585 section 4.2).
 *
 * Browsers that can ask for lost voice packets do so only if both sides wrote this; none does by itself. Those that
 * cannot pass it over.
 *
 * @param {string} sdp
 * @returns {string}
 */
export declare function withNack(sdp: string): string;
/**
 * The ICE credentials of an offer, with the line that they belong to, as an SDP fragment (RFC 8840 section 9).
 *
 * @param {string} sdp
 * @returns {string}
 */
export declare function fragmentOf(sdp: string): string;
/**
 * A description with the ICE credentials of an SDP fragment in place of its own.
 *
 * @param {string} sdp
 * @param {string} fragment
 * @returns {string}
 */
export declare function withCredentials(sdp: string, fragment: string): string;
