package dev.parley.media.transport;

import static java.util.Objects.requireNonNull;

import dev.parley.media.dtls.CertificateFingerprint;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.packet.Limits;
import java.util.List;

/**
 * One participant's transport as negotiated. Immutable.
 *
 * @param peerId unique in this process and not reused soon
 * @param agentIndex which mix agent its packets and news go to at first
 * @param ice both fragments and our password
 * @param fingerprint what the peer's certificate must hash to
 * @param cname our canonical name towards this peer, the answer's {@code a=ssrc} cname
 * @param reportSsrc our SSRC in reports while nothing has been sent yet
 * @param maySend whether the peer negotiated to send
 * @param audioLevelExtensionId under which the peer sends its level (RFC 6464), or 0
 * @param lines the streams towards the peer; line i of an outgoing packet is element i
 */
public record PeerDescription(
    int peerId,
    int agentIndex,
    IceCredentials ice,
    CertificateFingerprint fingerprint,
    String cname,
    int reportSsrc,
    boolean maySend,
    int audioLevelExtensionId,
    List<OutgoingLine> lines) {
  private static final int CNAME_LENGTH_MAX = 64;

  /** Checks ranges. */
  public PeerDescription {
    requireNonNull(ice, "ice");
    requireNonNull(fingerprint, "fingerprint");
    lines = List.copyOf(lines);
    if (agentIndex < 0) {
      throw new IllegalArgumentException("agentIndex must not be negative: " + agentIndex);
    }
    if (cname.isEmpty() || cname.length() > CNAME_LENGTH_MAX) {
      throw new IllegalArgumentException("cname must have 1 to 64 characters: " + cname.length());
    }
    if (lines.size() > Limits.LINES_PER_PEER_MAX) {
      throw new IllegalArgumentException("at most 16 lines: " + lines.size());
    }
    OutgoingLine.requireExtensionId(audioLevelExtensionId);
  }
}
