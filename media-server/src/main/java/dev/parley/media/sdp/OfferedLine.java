package dev.parley.media.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One m-line of an offer with its attributes. Mutable while {@link OfferParser} reads. */
final class OfferedLine extends OfferedSection {
  /** A payload type's codec. */
  record RtpMap(int payloadType, String codec) {}

  /** A payload type's parameters, and where they stood. */
  record FormatParameters(int line, int payloadType, String text) {}

  /** Position among the m-lines, from 0. */
  final int index;

  /** Where the m-line stands in the text, from 1. */
  final int line;

  final String media;
  final int port;
  final String protocol;
  final List<String> formats;
  final List<RtpMap> rtpMaps = new ArrayList<>();
  final List<FormatParameters> formatParameters = new ArrayList<>();

  /** Payload types for which the client offers generic NACK (RFC 4585 section 4.2), or "*". */
  final Set<String> nackFormats = new HashSet<>();

  @Nullable String mid;
  boolean rtcpMux;
  boolean bundleOnly;

  /** Longest packet in ms, or 0 if not said. */
  int packetTimeMaxMs;

  int packetTimeMaxLine;

  /** The first SSRC the client announces, unsigned, or -1. */
  long ssrc = -1;

  OfferedLine(int index, int line, String media, int port, String protocol, List<String> formats) {
    this.index = index;
    this.line = line;
    this.media = media;
    this.port = port;
    this.protocol = protocol;
    this.formats = List.copyOf(formats);
  }

  boolean offersNack(int payloadType) {
    return nackFormats.contains("*") || nackFormats.contains(Integer.toString(payloadType));
  }

  /** True if the client itself has switched the line off (RFC 3264 §5.1, RFC 8843 §6). */
  boolean isDisabled() {
    return port == 0 && !bundleOnly;
  }
}
