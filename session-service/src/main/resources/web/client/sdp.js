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
  return sdp
    .split(/(?=^m=)/m)
    .map((section) => (section.startsWith('m=audio') ? sectionWithStereo(section) : section))
    .join('');
}

/**
 * @param {string} section One m-line and its attributes.
 * @returns {string}
 */
function sectionWithStereo(section) {
  const opus = /^a=rtpmap:(\d+) opus\/48000\/2/im.exec(section);
  if (!opus) {
    return section;
  }
  const parameters = new RegExp(`^a=fmtp:${opus[1]} ([^\r\n]*)`, 'm');
  const found = parameters.exec(section);
  if (!found) {
    return section.replace(opus[0], `${opus[0]}\r\na=fmtp:${opus[1]} stereo=1`);
  }
  if (/(^|;)\s*stereo=/.test(found[1])) {
    return section;
  }
  return section.replace(found[0], `a=fmtp:${opus[1]} ${found[1]};stereo=1`);
}
