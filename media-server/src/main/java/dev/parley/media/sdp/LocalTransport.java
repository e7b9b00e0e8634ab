package dev.parley.media.sdp;

import java.util.List;

/**
 * The server's end of one client's transport.
 *
 * @param ice our credentials; the fragment names the client to its event loop
 * @param fingerprint of our DTLS certificate
 * @param candidates best first; at least one
 */
public record LocalTransport(
    IceCredentials ice, Fingerprint fingerprint, List<HostCandidate> candidates) {
  public LocalTransport {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("an answer needs a candidate");
    }
  }
}
