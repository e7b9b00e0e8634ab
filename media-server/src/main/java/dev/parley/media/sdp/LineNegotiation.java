package dev.parley.media.sdp;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one m-line could be: its codec, its parameters, its header extensions. Stateless.
 */
final class LineNegotiation {
  private static final Set<String> PROTOCOLS =
      Set.of(
          // RFC 8829 §5.1.2 wants every one of these taken to mean the first.
          "UDP/TLS/RTP/SAVPF",
          "UDP/TLS/RTP/SAVP",
          "TCP/DTLS/RTP/SAVPF",
          "TCP/DTLS/RTP/SAVP",
          "RTP/SAVPF",
          "RTP/SAVP");

  /** Our frames are 20 ms long, and forwarded ones are as their talkers made them. */
  private static final int PACKET_TIME_MS = 20;

  private LineNegotiation() {}

  /** Returns why the line cannot be served, in a sentence that says what to do, or null. */
  static @Nullable String reasonUnserved(OfferedLine line) {
    if (!line.media.equals("audio")) {
      return "Remove this m= line: this server carries audio only.";
    }
    if (!PROTOCOLS.contains(line.protocol)) {
      return "Offer this line with UDP/TLS/RTP/SAVPF.";
    }
    if (opusPayloadType(line) < 0) {
      return "Offer Opus on this line: a=rtpmap:<type> opus/48000/2.";
    }
    return null;
  }

  /** The first of the line's formats that is Opus, or -1. */
  private static int opusPayloadType(OfferedLine line) {
    for (String format : line.formats) {
      long payloadType = SdpText.number(format, 127);
      for (OfferedLine.RtpMap map : line.rtpMaps) {
        // RFC 7587 §7: always 48000 and always 2, whatever is sent.
        if (map.payloadType() == payloadType && map.codec().equals("opus/48000/2")) {
          return (int) payloadType;
        }
      }
    }
    return -1;
  }

  /** Makes the answer's line, given the direction; faults are those of an otherwise good line. */
  static NegotiatedLine.Audio accept(SdpOffer offer, OfferedLine line, Direction direction)
      throws OfferFault {
    int payloadType = opusPayloadType(line);
    if (payloadType >= 64 && payloadType <= 95) {
      throw new OfferFault(
          line.line, "Give Opus a payload type outside 64 to 95: RTCP uses those (RFC 5761).");
    }
    if (!line.rtcpMux) {
      throw new OfferFault(line.line, "Add a=rtcp-mux to this line: RTP and RTCP share a port.");
    }
    return new NegotiatedLine.Audio(
        line.index,
        line.mid == null ? "" : line.mid,
        line.protocol,
        direction,
        payloadType,
        opusParameters(line, payloadType),
        direction.sends() && line.offersNack(payloadType),
        extensions(offer, line, direction),
        line.ssrc,
        red(line, payloadType));
  }

  /**
   * RED is taken if all its blocks are of our Opus; else it is left out, and plain Opus is sent.
   */
  private static NegotiatedLine.@Nullable Red red(OfferedLine line, int opusPayloadType) {
    boolean isPreferred = true;
    for (String format : line.formats) {
      long payloadType = SdpText.number(format, 127);
      isPreferred &= payloadType != opusPayloadType;
      boolean isUsable = payloadType >= 0 && (payloadType < 64 || payloadType > 95);
      if (isUsable && isRedOf(line, (int) payloadType, opusPayloadType)) {
        return new NegotiatedLine.Red((int) payloadType, isPreferred);
      }
    }
    return null;
  }

  private static boolean isRedOf(OfferedLine line, int payloadType, int opusPayloadType) {
    boolean isRed = false;
    for (OfferedLine.RtpMap map : line.rtpMaps) {
      isRed |= map.payloadType() == payloadType && map.codec().equals("red/48000/2");
    }
    if (!isRed || payloadType == opusPayloadType) {
      return false;
    }
    for (OfferedLine.FormatParameters parameters : line.formatParameters) {
      if (parameters.payloadType() == payloadType) {
        return isListOf(parameters.text().strip(), opusPayloadType);
      }
    }
    return false;
  }

  /** The payload types of the blocks, parted by slashes (RFC 2198 §5). */
  private static boolean isListOf(String text, int payloadType) {
    List<String> listed = SdpText.split(text, '/', SdpLimits.FORMATS_MAX);
    for (String one : listed) {
      if (SdpText.number(one, 127) != payloadType) {
        return false;
      }
    }
    // One alone would say that there is no redundancy; browsers do not take it for RED.
    return listed.size() > 1;
  }

  private static OpusParameters opusParameters(OfferedLine line, int payloadType)
      throws OfferFault {
    int packetTimeMaxMs = OpusParameters.DEFAULT.packetTimeMaxMs();
    if (line.packetTimeMaxMs > 0) {
      if (line.packetTimeMaxMs < PACKET_TIME_MS) {
        throw new OfferFault(
            line.packetTimeMaxLine, "Raise a=maxptime to 20 or more: packets here last 20 ms.");
      }
      packetTimeMaxMs = Math.min(packetTimeMaxMs, line.packetTimeMaxMs);
    }
    for (OfferedLine.FormatParameters parameters : line.formatParameters) {
      if (parameters.payloadType() == payloadType) {
        return OpusParameters.parse(parameters.line(), parameters.text(), packetTimeMaxMs);
      }
    }
    return OpusParameters.parse(line.line, "", packetTimeMaxMs);
  }

  private static List<HeaderExtension> extensions(
      SdpOffer offer, OfferedLine line, Direction lineDirection) throws OfferFault {
    List<OfferedSection.Extension> offered = new ArrayList<>(offer.session().extensions);
    offered.addAll(line.extensions);
    List<HeaderExtension> agreed = new ArrayList<>();
    Set<HeaderExtension.Kind> kinds = EnumSet.noneOf(HeaderExtension.Kind.class);
    boolean[] idTaken = new boolean[256];
    for (OfferedSection.Extension extension : offered) {
      if (extension.id() < idTaken.length) {
        if (idTaken[extension.id()]) {
          throw new OfferFault(extension.line(), "Give this header extension an id of its own.");
        }
        idTaken[extension.id()] = true;
      }
      HeaderExtension.Kind kind = kindOf(extension.uri());
      // Larger ids would need the two-byte header, which costs every packet a byte an element.
      if (kind == null || extension.id() > 14 || kinds.contains(kind)) {
        continue;
      }
      boolean sends = extension.direction().receives();
      boolean receives = extension.direction().sends();
      if (kind == HeaderExtension.Kind.MIXER_TO_CLIENT_LEVEL) {
        sends &= lineDirection.sends();
        receives = false;
      }
      if (sends || receives) {
        kinds.add(kind);
        agreed.add(
            new HeaderExtension(
                extension.id(), kind, Direction.of(sends, receives), voiceActivity(extension)));
      }
    }
    return agreed;
  }

  /** Only what we understand is repeated. */
  private static String voiceActivity(OfferedSection.Extension extension) {
    String attributes = extension.attributes().strip();
    return attributes.equals("vad=on") || attributes.equals("vad=off") ? attributes : "";
  }

  private static HeaderExtension.@Nullable Kind kindOf(String uri) {
    for (HeaderExtension.Kind kind : HeaderExtension.Kind.values()) {
      if (kind.uri().equals(uri)) {
        return kind;
      }
    }
    return null;
  }
}
