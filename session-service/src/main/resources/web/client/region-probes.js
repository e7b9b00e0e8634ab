/** @typedef {import('./types.js').Region} Region */
/** @typedef {import('./types.js').RegionProbe} RegionProbe */

/** Only the first of the list, which the service has ordered by what it knows of us. */
const REGIONS_MAX = 3;
/** Of all regions together: each costs the browser a socket, and the media server an answer. */
const PROBES_MAX = 5;
const ROUNDS_MAX = 3;
/** What takes longer is too far away, or lets no UDP through. */
const PROBE_TIMEOUT_MS = 1000;

/**
 * Measures how far regions are: the time that a STUN server of each takes to answer (RFC 8489), once each, then again
 * the nearest. Takes three seconds at most; what does not answer has an empty `rttMs`.
 *
 * @param {Region[]} regions  As `GET /v1/regions` lists them.
 * @param {(url: string) => Promise<number | null>} [probe]  Measures one STUN server.
 * @returns {Promise<RegionProbe[]>}  Empty if there is nothing to choose.
 */
export async function probeRegions(regions, probe = probeStun) {
  const candidates = regions.filter(({ state, probe: addresses }) => state === 'ok' && addresses.length > 0);
  if (candidates.length < 2) {
    return [];
  }
  /** @type {Map<string, {url: string, rttMs: number[]}>} */
  const measured = new Map();
  for (const { id, probe: addresses } of candidates.slice(0, REGIONS_MAX)) {
    measured.set(id, { url: `stun:${addresses[0]}`, rttMs: [] });
  }
  let left = PROBES_MAX;
  let wanted = [...measured.values()];
  for (let round = 0; round < ROUNDS_MAX && left > 0 && wanted.length > 0; round++) {
    const now = wanted.slice(0, left);
    left -= now.length;
    await Promise.all(
      now.map(async (region) => {
        const rttMs = await probe(region.url);
        if (rttMs !== null) {
          region.rttMs.push(rttMs);
        }
      })
    );
    wanted = now.filter(({ rttMs }) => rttMs.length > round).sort((one, other) => median(one.rttMs) - median(other.rttMs));
  }
  return [...measured].map(([region, { rttMs }]) => ({ region, rttMs }));
}

/**
 * Times one STUN server, in a connection that is thrown away. Browsers say nothing of a server's answer itself, but of the
 * address that came with it, or, if that is no news, of having gathered all there is.
 *
 * @param {string} url  Such as `stun:203.0.113.7:3478`.
 * @returns {Promise<number | null>}  Milliseconds, with some that the browser itself takes; null without an answer.
 */
export async function probeStun(url) {
  const connection = new RTCPeerConnection({ iceServers: [{ urls: url }] });
  try {
    connection.addTransceiver('audio', { direction: 'recvonly' });
    const offer = await connection.createOffer();
    return await new Promise((resolve) => {
      const startedMs = performance.now();
      const answered = () => resolve(Math.round((performance.now() - startedMs) * 10) / 10);
      let hasAsked = false;
      let hasFailed = false;
      setTimeout(() => resolve(null), PROBE_TIMEOUT_MS);
      connection.onicecandidateerror = () => {
        hasFailed = true; // From one of our networks; another may have a way.
      };
      connection.onicecandidate = ({ candidate }) => {
        hasAsked ||= candidate?.protocol === 'udp';
        if (candidate?.type === 'srflx') {
          answered();
        }
      };
      connection.onicegatheringstatechange = () => {
        if (connection.iceGatheringState === 'complete') {
          if (hasAsked && !hasFailed) {
            answered();
          } else {
            resolve(null);
          }
        }
      };
      connection.setLocalDescription(offer).catch(() => resolve(null));
    });
  } finally {
    connection.onicecandidate = null;
    connection.onicecandidateerror = null;
    connection.onicegatheringstatechange = null;
    connection.close();
  }
}

/** @param {number[]} values  One at least. */
function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
