package dev.parley.media.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of one offer into an {@link SdpOffer}. Bounded by {@link SdpLimits}; whatever it
 * refuses it names by line. Attributes that decide nothing here (candidates, feedback, other
 * codecs) are passed over. One thread, one use.
 */
final class OfferParser {
  private final SdpReader reader;
  private final OfferedSection session = new OfferedSection();
  private final List<OfferedLine> lines = new ArrayList<>();
  private List<String> bundle = List.of();
  private int bundleLine;
  private boolean timeSeen;

  private OfferParser(SdpReader reader) {
    this.reader = reader;
  }

  static SdpOffer parse(String text) throws OfferFault {
    return new OfferParser(new SdpReader(text)).parse();
  }

  private SdpOffer parse() throws OfferFault {
    expect('v', "Begin the offer with v=0.");
    if (!reader.value().equals("0")) {
      throw fault("Begin the offer with v=0.");
    }
    expect('o', "Let the second line be o=, the origin.");
    if (SdpText.split(reader.value(), ' ', 7).size() != 6) {
      throw fault("Give o= six fields: name, id, version, IN, IP4 or IP6, address.");
    }
    expect('s', "Let the third line be s=, the session's name; s=- will do.");
    OfferedLine current = null;
    while (reader.next()) {
      switch (reader.type()) {
        case 'm' -> current = mediaLine();
        case 'a' -> attribute(current);
        case 't' -> timeSeen = true;
        case 'i', 'u', 'e', 'p', 'c', 'b', 'r', 'z', 'k' -> {
          // Who, where and how much: nothing that an answer depends on.
        }
        default -> throw fault("Remove this line: " + reader.type() + "= does not belong here.");
      }
    }
    if (lines.isEmpty()) {
      throw new OfferFault(0, "Add an audio line: the offer has no m= line.");
    }
    checkMids();
    return new SdpOffer(session, lines, bundle, bundleLine);
  }

  private void expect(char type, String detail) throws OfferFault {
    if (!reader.next() || reader.type() != type) {
      throw new OfferFault(Math.max(reader.line(), 1), detail);
    }
  }

  private OfferFault fault(String detail) {
    return new OfferFault(reader.line(), detail);
  }

  private OfferedLine mediaLine() throws OfferFault {
    if (!timeSeen) {
      throw fault("Put t=0 0 before the first m= line.");
    }
    if (lines.size() == SdpLimits.MEDIA_LINES_MAX) {
      throw fault("Offer at most " + SdpLimits.MEDIA_LINES_MAX + " m= lines.");
    }
    List<String> fields = SdpText.split(reader.value(), ' ', 3 + SdpLimits.FORMATS_MAX + 1);
    if (fields.size() < 4 || fields.size() > 3 + SdpLimits.FORMATS_MAX) {
      throw fault("Write m= as media, port, protocol and 1 to 128 formats.");
    }
    long port = SdpText.number(fields.get(1), 65535);
    if (port < 0) {
      throw fault("Give m= a port from 0 to 65535.");
    }
    if (!SdpText.isToken(fields.get(0)) || !SdpText.isProtocol(fields.get(2))) {
      throw fault("Write m= as media, port, protocol and formats, parted by single spaces.");
    }
    for (String format : fields.subList(3, fields.size())) {
      if (!SdpText.isToken(format)) {
        throw fault("Part the formats of m= by single spaces.");
      }
    }
    OfferedLine line =
        new OfferedLine(
            lines.size(),
            reader.line(),
            fields.get(0),
            (int) port,
            fields.get(2),
            fields.subList(3, fields.size()));
    lines.add(line);
    return line;
  }

  private void attribute(@Nullable OfferedLine current) throws OfferFault {
    String text = reader.value();
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    if (!SdpText.isToken(name)) {
      throw fault("Write a= with a name, or a name, ':' and a value.");
    }
    OfferedSection section = current == null ? session : current;
    if (!sharedAttribute(section, name, value)) {
      if (current == null) {
        sessionAttribute(name, value);
      } else {
        mediaAttribute(current, name, value);
      }
    }
  }

  /** Reads what may stand in both places; returns false if the attribute is another. */
  private boolean sharedAttribute(OfferedSection section, String name, String value)
      throws OfferFault {
    Direction direction = Direction.ofToken(name);
    if (direction != null) {
      once(section.direction == null, name);
      section.direction = direction;
      return true;
    }
    switch (name) {
      case "ice-ufrag" -> {
        once(section.iceUfrag == null, name);
        section.iceUfrag = value;
        section.iceUfragLine = reader.line();
      }
      case "ice-pwd" -> {
        once(section.icePassword == null, name);
        section.icePassword = value;
        section.icePasswordLine = reader.line();
      }
      case "setup" -> {
        once(section.setup == null, name);
        section.setup = value;
        section.setupLine = reader.line();
      }
      case "fingerprint" -> fingerprint(section, value);
      case "extmap" -> extension(section, value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void sessionAttribute(String name, String value) throws OfferFault {
    if (!name.equals("group") || !value.startsWith("BUNDLE")) {
      return;
    }
    if (bundleLine != 0) {
      throw fault("Offer one BUNDLE group: this server has one transport for each client.");
    }
    List<String> fields = SdpText.split(value.strip(), ' ', SdpLimits.MEDIA_LINES_MAX + 2);
    if (fields.size() > SdpLimits.MEDIA_LINES_MAX + 1 || !fields.get(0).equals("BUNDLE")) {
      throw fault("Write the group as BUNDLE and the mids, parted by single spaces.");
    }
    bundle = fields.subList(1, fields.size());
    bundleLine = reader.line();
  }

  private void mediaAttribute(OfferedLine line, String name, String value) throws OfferFault {
    switch (name) {
      case "mid" -> {
        once(line.mid == null, name);
        if (!SdpText.isToken(value) || value.length() > SdpLimits.MID_LENGTH_MAX) {
          throw fault("Give a=mid 1 to " + SdpLimits.MID_LENGTH_MAX + " token characters.");
        }
        line.mid = value;
      }
      case "rtcp-mux" -> line.rtcpMux = true;
      case "bundle-only" -> line.bundleOnly = true;
      case "rtpmap" -> rtpMap(line, value);
      case "fmtp" -> formatParameters(line, value);
      case "rtcp-fb" -> feedback(line, value);
      case "maxptime" -> {
        line.packetTimeMaxMs = (int) SdpText.number(value.strip(), 10_000);
        line.packetTimeMaxLine = reader.line();
        if (line.packetTimeMaxMs <= 0) {
          throw fault("Give a=maxptime in whole milliseconds.");
        }
      }
      case "ssrc" -> {
        long ssrc = SdpText.number(SdpText.split(value, ' ', 2).getFirst(), 0xFFFF_FFFFL);
        if (ssrc < 0) {
          throw fault("Begin the value of a=ssrc with a number from 0 to 4294967295.");
        }
        line.ssrc = line.ssrc < 0 ? ssrc : line.ssrc;
      }
      default -> {
        // Candidates, msid and what is yet to come do not change the answer.
      }
    }
  }

  private void once(boolean isFirst, String name) throws OfferFault {
    if (!isFirst) {
      throw fault("Keep one of these lines: a=" + name + " (or its opposite) stood before.");
    }
  }

  private void rtpMap(OfferedLine line, String value) throws OfferFault {
    List<String> fields = SdpText.split(value, ' ', 2);
    long payloadType = SdpText.number(fields.get(0), 127);
    if (payloadType < 0 || fields.size() < 2) {
      throw fault("Write a=rtpmap as a payload type from 0 to 127, a space and the codec.");
    }
    if (line.rtpMaps.size() == SdpLimits.FORMATS_MAX) {
      throw fault("Remove this a=rtpmap: there are more than payload types.");
    }
    String codec = SdpText.lowerCase(fields.get(1).strip());
    line.rtpMaps.add(new OfferedLine.RtpMap((int) payloadType, codec));
  }

  /** Of all feedback only generic NACK, the word alone, is for voice. */
  private static void feedback(OfferedLine line, String value) {
    List<String> fields = SdpText.split(value.strip(), ' ', 3);
    boolean isNack = fields.size() == 2 && fields.get(1).equals("nack");
    if (isNack && line.nackFormats.size() < SdpLimits.FORMATS_MAX) {
      line.nackFormats.add(fields.get(0));
    }
  }

  private void formatParameters(OfferedLine line, String value) throws OfferFault {
    List<String> fields = SdpText.split(value, ' ', 2);
    long payloadType = SdpText.number(fields.get(0), 127);
    if (payloadType < 0 || fields.size() < 2) {
      // Formats that are no payload types (T.38, SCTP) have parameters too.
      return;
    }
    if (line.formatParameters.size() == SdpLimits.FORMATS_MAX) {
      throw fault("Remove this a=fmtp: there are more than payload types.");
    }
    line.formatParameters.add(
        new OfferedLine.FormatParameters(reader.line(), (int) payloadType, fields.get(1)));
  }

  private void fingerprint(OfferedSection section, String value) throws OfferFault {
    if (section.fingerprints.size() == SdpLimits.FINGERPRINTS_MAX) {
      throw fault("Offer at most " + SdpLimits.FINGERPRINTS_MAX + " fingerprints.");
    }
    List<String> fields = SdpText.split(value.strip(), ' ', 2);
    if (fields.size() < 2) {
      throw fault("Write a=fingerprint as a hash's name, a space and the hash.");
    }
    Fingerprint.Algorithm algorithm = Fingerprint.Algorithm.ofToken(fields.get(0));
    Fingerprint fingerprint = null;
    if (algorithm != null) {
      fingerprint = Fingerprint.parse(algorithm, fields.get(1).strip());
      if (fingerprint == null) {
        throw fault(
            "Give the "
                + algorithm.token()
                + " fingerprint as "
                + algorithm.length()
                + " pairs of hexadecimal digits joined by colons.");
      }
    }
    section.fingerprints.add(new OfferedSection.FingerprintLine(reader.line(), fingerprint));
  }

  private void extension(OfferedSection section, String value) throws OfferFault {
    if (section.extensions.size() == SdpLimits.EXTENSIONS_MAX) {
      throw fault("Offer at most " + SdpLimits.EXTENSIONS_MAX + " header extensions a line.");
    }
    List<String> fields = SdpText.split(value, ' ', 3);
    List<String> head = SdpText.split(fields.get(0), '/', 2);
    long id = SdpText.number(head.get(0), 4351);
    Direction direction = head.size() < 2 ? Direction.SENDRECV : Direction.ofToken(head.get(1));
    if (id < 1 || direction == null || fields.size() < 2) {
      throw fault("Write a=extmap as an id, perhaps '/' and a direction, a space and a URI.");
    }
    section.extensions.add(
        new OfferedSection.Extension(
            reader.line(),
            (int) id,
            direction,
            fields.get(1),
            fields.size() < 3 ? "" : fields.get(2)));
  }

  private void checkMids() throws OfferFault {
    Set<String> mids = new HashSet<>();
    for (OfferedLine line : lines) {
      if (line.mid != null && !mids.add(line.mid)) {
        throw new OfferFault(line.line, "Give this m= line a mid of its own.");
      }
    }
    Set<String> bundled = new HashSet<>();
    for (String mid : bundle) {
      if (!mids.contains(mid) || !bundled.add(mid)) {
        throw new OfferFault(bundleLine, "Name each m= line's mid once in the BUNDLE group.");
      }
    }
  }
}
