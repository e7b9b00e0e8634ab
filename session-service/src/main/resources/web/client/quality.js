/** @typedef {import('./types.js').Quality} Quality */

/**
 * What getStats said at one moment, summed over all audio lines. Times in milliseconds.
 *
 * @typedef {object} Snapshot
 * @property {number} received  Packets.
 * @property {number} lost  Packets.
 * @property {number | null} roundTripMs
 * @property {number | null} jitterMs
 * @property {number | null} lossOut
 * @property {number} bufferedMs  Sum over emitted samples of the time each waited.
 * @property {number} emitted  Samples.
 */

/**
 * Picks what matters out of an RTCStatsReport.
 *
 * @param {Iterable<[string, any]>} report
 * @returns {Snapshot}
 */
export function snapshotOf(report) {
  /** @type {Snapshot} */
  const snapshot = {
    received: 0, lost: 0, roundTripMs: null, jitterMs: null, lossOut: null, bufferedMs: 0, emitted: 0,
  };
  for (const [, stat] of report) {
    if (stat.type === 'inbound-rtp' && stat.kind === 'audio') {
      snapshot.received += stat.packetsReceived ?? 0;
      snapshot.lost += stat.packetsLost ?? 0;
      snapshot.bufferedMs += (stat.jitterBufferDelay ?? 0) * 1000;
      snapshot.emitted += stat.jitterBufferEmittedCount ?? 0;
      if ((stat.packetsReceived ?? 0) > 0) {
        snapshot.jitterMs = Math.max(snapshot.jitterMs ?? 0, (stat.jitter ?? 0) * 1000);
      }
    } else if (stat.type === 'remote-inbound-rtp' && stat.kind === 'audio') {
      snapshot.lossOut = Math.max(0, stat.fractionLost ?? 0);
      if (snapshot.roundTripMs === null && stat.roundTripTime > 0) {
        snapshot.roundTripMs = stat.roundTripTime * 1000;
      }
    } else if (stat.type === 'candidate-pair' && stat.nominated && stat.state === 'succeeded') {
      if (stat.currentRoundTripTime !== undefined) {
        snapshot.roundTripMs = stat.currentRoundTripTime * 1000;
      }
    }
  }
  return snapshot;
}

const FAIR = { roundTripMs: 150, loss: 0.01, jitterMs: 20 };
const POOR = { roundTripMs: 300, loss: 0.05, jitterMs: 50 };

/**
 * Judges a connection by what changed between two snapshots. Limits: 150 ms of round trip are hardly noticed, 300 ms
 * make people talk over each other (half of each is ITU-T G.114's one-way figure less what the ends add); Opus hides
 * 1 % of loss and suffers from 5 %.
 *
 * @param {Snapshot | null} before
 * @param {Snapshot} now
 * @returns {Quality}
 */
export function judge(before, now) {
  const received = now.received - (before?.received ?? 0);
  const lost = Math.max(0, now.lost - (before?.lost ?? 0));
  const lossIn = received + lost > 0 ? lost / (received + lost) : null;
  const emitted = now.emitted - (before?.emitted ?? 0);
  const playoutDelayMs = emitted > 0 ? (now.bufferedMs - (before?.bufferedMs ?? 0)) / emitted : null;
  const measures = { roundTripMs: now.roundTripMs, jitterMs: now.jitterMs, lossIn, lossOut: now.lossOut, playoutDelayMs };
  if (now.roundTripMs === null && lossIn === null) {
    return { rating: 'unknown', words: 'Measuring the connection.', ...measures };
  }
  const troubles = [
    trouble(now.roundTripMs, FAIR.roundTripMs, POOR.roundTripMs, (v) => `answers take ${Math.round(v)} ms`),
    trouble(lossIn, FAIR.loss, POOR.loss, (v) => `${percent(v)} of what others say is lost on its way to you`),
    trouble(now.lossOut, FAIR.loss, POOR.loss, (v) => `${percent(v)} of what you say is lost on its way`),
    trouble(now.jitterMs, FAIR.jitterMs, POOR.jitterMs, (v) => `sound arrives unevenly (${Math.round(v)} ms)`),
  ].filter((found) => found !== null);
  if (troubles.length === 0) {
    return { rating: 'good', words: 'Good connection.', ...measures };
  }
  const rating = troubles.some((found) => found.isPoor) ? 'poor' : 'fair';
  const worst = troubles.find((found) => found.isPoor) ?? troubles[0];
  return { rating, words: `${rating === 'poor' ? 'Poor' : 'Fair'} connection: ${worst.words}.`, ...measures };
}

/**
 * @param {number | null} value
 * @param {number} fair
 * @param {number} poor
 * @param {(value: number) => string} say
 * @returns {{isPoor: boolean, words: string} | null}
 */
function trouble(value, fair, poor, say) {
  return value === null || value < fair ? null : { isPoor: value >= poor, words: say(value) };
}

/** @param {number} share */
function percent(share) {
  const value = share * 100;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
