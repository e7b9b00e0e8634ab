/**
 * Adds `stereo=1` to the Opus parameters of every audio line of an SDP offer (RFC 7587 section 6.1).
 *
 * Chromium decides from its own local description whether it decodes two channels, and leaves `stereo` out of it; so
 * this is done to our own offer before setLocalDescription.
 *
 * @param {string} sdp
 * @returns {string}
 */
export function withStereo(sdp) {
  return withEachOpus(sdp, (section, rtpmap, type) => {
    const found = new RegExp(`^a=fmtp:${type} ([^\r\n]*)`, 'm').exec(section);
    if (!found) {
      return section.replace(rtpmap, `${rtpmap}\r\na=fmtp:${type} stereo=1`);
    }
    if (/(^|;)\s*stereo=/.test(found[1])) {
      return section;
    }
    return section.replace(found[0], `a=fmtp:${type} ${found[1]};stereo=1`);
  });
}

/**
 * Adds generic NACK for Opus to every audio line of an SDP offer (RFC 4585 section 4.2).
 *
 * Browsers that can ask for lost voice packets do so only if both sides wrote this; none does by itself. Those that
 * cannot pass it over.
 *
 * @param {string} sdp
 * @returns {string}
 */
export function withNack(sdp) {
  return withEachOpus(sdp, (section, rtpmap, type) =>
    new RegExp(`^a=rtcp-fb:(${type}|\\*) nack\r?$`, 'm').test(section)
      ? section
      : section.replace(rtpmap, `${rtpmap}\r\na=rtcp-fb:${type} nack`),
  );
}

/**
 * The ICE credentials of an offer, with the line that they belong to, as an SDP fragment (RFC 8840 section 9).
 *
 * @param {string} sdp
 * @returns {string}
 */
export function fragmentOf(sdp) {
  const lines = [/^a=ice-ufrag:.*$/m, /^a=ice-pwd:.*$/m, /^m=.*$/m, /^a=mid:.*$/m].map((line) => line.exec(sdp)?.[0].trim());
  return lines.filter(Boolean).map((line) => `${line}\r\n`).join('');
}

/**
 * A description with the ICE credentials of an SDP fragment in place of its own.
 *
 * @param {string} sdp
 * @param {string} fragment
 * @returns {string}
 */
export function withCredentials(sdp, fragment) {
  return ['ice-ufrag', 'ice-pwd'].reduce((text, name) => {
    const given = new RegExp(`^a=${name}:([^\r\n]*)`, 'm').exec(fragment)?.[1];
    return given === undefined ? text : text.replace(new RegExp(`^a=${name}:[^\r\n]*`, 'gm'), () => `a=${name}:${given}`);
  }, sdp);
}

/**
 * @param {string} sdp
 * @param {(section: string, rtpmap: string, type: string) => string} change Makes another section of one m-line and its
 *   attributes, given its Opus line and payload type.
 * @returns {string}
 */
function withEachOpus(sdp, change) {
  return sdp
    .split(/(?=^m=)/m)
    .map((section) => {
      const opus = section.startsWith('m=audio') && /^a=rtpmap:(\d+) opus\/48000\/2/im.exec(section);
      return opus ? change(section, opus[0], opus[1]) : section;
    })
    .join('');
}
