package dev.parley.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was decided about an offer; with the local side's choices it becomes an answer.
 *
 * @param lines one for each m-line of the offer, in order
 * @param bundle mids of the accepted lines in the offered group's order; the first is the tagged
 *     one, which stands for the transport (RFC 8843 §7.3.1); empty if no group was offered
 * @param remoteIce the client's ICE credentials
 * @param remoteFingerprint the hash its DTLS certificate must have
 * @param listening how the client hears the others
 */
public record NegotiatedSession(
    List<NegotiatedLine> lines,
    List<String> bundle,
    IceCredentials remoteIce,
    Fingerprint remoteFingerprint,
    Listening listening) {
  /** How a client hears the others. */
  public enum Listening {
    /** Not at all: it only sends. */
    NONE,
    /** The loudest speakers' own packets, one a sending line. */
    FORWARD,
    /** One mix on the first sending line. */
    MIX
  }

  public NegotiatedSession {
    lines = List.copyOf(lines);
    bundle = List.copyOf(bundle);
  }

  /** The lines on which we send: slot i is element i. */
  public List<NegotiatedLine.Audio> sendingLines() {
    List<NegotiatedLine.Audio> sending = new ArrayList<>();
    for (NegotiatedLine line : lines) {
      if (line instanceof NegotiatedLine.Audio audio && audio.direction().sends()) {
        sending.add(audio);
      }
    }
    return sending;
  }

  /** The one line on which the client's voice comes, or null if it only listens. */
  public NegotiatedLine.@Nullable Audio receivingLine() {
    for (NegotiatedLine line : lines) {
      if (line instanceof NegotiatedLine.Audio audio && audio.direction().receives()) {
        return audio;
      }
    }
    return null;
  }

  /** The line whose place in the answer says where the transport is. */
  NegotiatedLine.Audio taggedLine() {
    for (NegotiatedLine line : lines) {
      if (line instanceof NegotiatedLine.Audio audio
          && (bundle.isEmpty() || audio.mid().equals(bundle.getFirst()))) {
        return audio;
      }
    }
    throw new IllegalStateException("a session has at least one audio line");
  }
}
