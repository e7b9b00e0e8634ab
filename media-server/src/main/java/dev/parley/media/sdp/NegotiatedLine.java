package dev.parley.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was decided for one m-line; a session has one for each m-line of the offer, in order. */
public sealed interface NegotiatedLine {
  /** Position among the m-lines, from 0. */
  int index();

  /** The line's {@code a=mid}, or empty if it had none. */
  String mid();

  /** The protocol as offered, such as {@code UDP/TLS/RTP/SAVPF}. */
  String protocol();

  /**
   * A line that carries Opus.
   *
   * @param direction from our side
   * @param payloadType of Opus, both ways
   * @param opus what the client asked of our Opus stream
   * @param nack whether the client may ask for packets of ours that it lost (RFC 4585 section 4.2)
   * @param remoteSsrc the SSRC the client announced for its own stream, unsigned, or -1
   * @param red RED of Opus (RFC 2198), or null if it was not offered
   */
  record Audio(
      int index,
      String mid,
      String protocol,
      Direction direction,
      int payloadType,
      OpusParameters opus,
      boolean nack,
      List<HeaderExtension> extensions,
      long remoteSsrc,
      @Nullable Red red)
      implements NegotiatedLine {
    public Audio {
      extensions = List.copyOf(extensions);
    }

    /** The id under which we may send the extension, or 0 for not at all. */
    public int sentExtensionId(HeaderExtension.Kind kind) {
      for (HeaderExtension extension : extensions) {
        if (extension.kind() == kind && extension.direction().sends()) {
          return extension.id();
        }
      }
      return 0;
    }

    /** The id under which we may expect the extension, or 0 for not at all. */
    public int receivedExtensionId(HeaderExtension.Kind kind) {
      for (HeaderExtension extension : extensions) {
        if (extension.kind() == kind && extension.direction().receives()) {
          return extension.id();
        }
      }
      return 0;
    }
  }

  /**
   * RED with nothing but Opus in it, both ways.
   *
   * @param payloadType of RED
   * @param isPreferred whether the client named it before Opus: a browser sends RED if the answer
   *     does, too
   */
  record Red(int payloadType, boolean isPreferred) {}

  /** A line we do not serve: answered with port 0 (RFC 3264 §6). */
  record Rejected(int index, String mid, String protocol, String media, String format)
      implements NegotiatedLine {}
}
