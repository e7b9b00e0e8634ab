// One media session at a server that speaks WHIP (RFC 9725), WHEP, or the same for both ways: an offer creates it, a
// PATCH adds ICE candidates or begins ICE anew, DELETE ends it.

const FRAGMENT = 'application/trickle-ice-sdpfrag';

export class MediaResource {
  /**
   * @param {string} url  where to offer
   * @param {string} token  a bearer token
   * @param {string} offer  SDP
   */
  static async create(url, token, offer) {
    const response = await expected(201, url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' },
      body: offer,
    });
    const location = new URL(response.headers.get('Location') ?? '', url).href;
    return new MediaResource(location, token, offer, await response.text(), response.headers.get('ETag'));
  }

  constructor(location, token, offer, answer, etag) {
    this.location = location;
    this.token = token;
    this.offer = offer;
    this.answer = answer;
    this.etag = etag;
  }

  /**
   * Tells of addresses that were found after the offer.
   *
   * @param {string[]} candidates  each a line `a=candidate:...`
   * @returns {Promise<number>} the status, 204
   */
  async trickle(candidates) {
    const fragment = [...credentialsOf(this.offer), mediaLineOf(this.offer), ...candidates, 'a=end-of-candidates'];
    return (await this.patch(204, this.etag, fragment)).status;
  }

  /**
   * Begins ICE anew.
   *
   * @param {string} offer  with the new credentials
   * @returns {Promise<string>} the answer with the server's new credentials in place of the former
   */
  async restart(offer) {
    const response = await this.patch(200, '*', [...credentialsOf(offer), mediaLineOf(offer)]);
    const [fragment, password] = credentialsOf(await response.text());
    this.offer = offer;
    this.etag = response.headers.get('ETag');
    this.answer = this.answer
      .replace(/^a=ice-ufrag:.*(?=\r$)/gm, fragment)
      .replace(/^a=ice-pwd:.*(?=\r$)/gm, password)
      .replace(/^o=(\S+ \S+) (\d+)/m, (_, owner, version) => `o=${owner} ${Number(version) + 1}`);
    return this.answer;
  }

  /** @returns {Promise<number>} the status, 200 */
  async end() {
    const headers = { Authorization: `Bearer ${this.token}` };
    return (await expected(200, this.location, { method: 'DELETE', headers })).status;
  }

  patch(status, ifMatch, lines) {
    return expected(status, this.location, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': FRAGMENT, 'If-Match': ifMatch },
      body: `${lines.join('\r\n')}\r\n`,
    });
  }
}

/** The first user name fragment and password: all bundled lines have the same. */
function credentialsOf(sdp) {
  return [/^a=ice-ufrag:.*(?=\r$)/m.exec(sdp)[0], /^a=ice-pwd:.*(?=\r$)/m.exec(sdp)[0]];
}

/** What the candidates belong to: the first media line and its name. */
function mediaLineOf(sdp) {
  return `${/^m=.*(?=\r$)/m.exec(sdp)[0]}\r\n${/^a=mid:.*(?=\r$)/m.exec(sdp)[0]}`;
}

async function expected(status, url, request) {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(10_000) });
  if (response.status !== status) {
    throw new Error(`${request.method} ${url}: ${response.status} ${await response.text()}`);
  }
  return response;
}
