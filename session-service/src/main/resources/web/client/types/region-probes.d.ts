/** @typedef {import('./types.js').Region} Region */
/** @typedef {import('./types.js').RegionProbe} RegionProbe */
export type Region = import('./types.js').Region;
export type RegionProbe = import('./types.js').RegionProbe;
/**
 * Measures how far regions are: the time that a STUN server of each takes to answer (RFC 8489), once each, then again
 * the nearest. Takes three seconds at most; what does not answer has an empty `rttMs`.
 *
 * @param {Region[]} regions  As `GET /v1/regions` lists them.
 * @param {(url: string) => Promise<number | null>} [probe]  Measures one STUN server.
 * @returns {Promise<RegionProbe[]>}  Empty if there is nothing to choose.
 */
export declare function probeRegions(regions: Region[], probe?: (url: string) => Promise<number | null>): Promise<RegionProbe[]>;
/**
 * Times one STUN server, in a connection that is thrown away. Browsers say nothing of a server's answer itself, but of the
 * address that came with it, or, if that is no news, of having gathered all there is.
 *
 * @param {string} url  Such as `stun:203.0.113.7:3478`.
 * @returns {Promise<number | null>}  Milliseconds, with some that the browser itself takes; null without an answer.
 */
export declare function probeStun(url: string): Promise<number | null>;
