package dev.parley.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client's end of the one transport: ICE credentials, DTLS role and certificate. The
 * tagged line's own attributes come first, then the session's, then those of the other lines of the
 * group, where a client that bundles everything may have left them.
 */
final class TransportNegotiation {
  private final SdpOffer offer;
  private final List<OfferedLine> bundled;
  private final OfferedLine tagged;

  /** The served lines, in the group's order; at least one. */
  TransportNegotiation(SdpOffer offer, List<OfferedLine> bundled) {
    this.offer = offer;
    this.bundled = taggedFirst(bundled);
    this.tagged = this.bundled.getFirst();
  }

  /** RFC 8843 §7.3.1: the tagged line is the first that is not left out and has a port. */
  private static List<OfferedLine> taggedFirst(List<OfferedLine> bundled) {
    for (OfferedLine line : bundled) {
      if (line.port != 0) {
        List<OfferedLine> ordered = new ArrayList<>(bundled);
        ordered.remove(line);
        ordered.addFirst(line);
        return ordered;
      }
    }
    return bundled;
  }

  NegotiatedSession complete(List<NegotiatedLine> lines, NegotiatedSession.Listening listening)
      throws OfferFault {
    List<String> mids = new ArrayList<>();
    if (!offer.bundle().isEmpty()) {
      for (OfferedLine line : bundled) {
        mids.add(String.valueOf(line.mid));
      }
    }
    checkExtensionIds();
    checkSetup();
    return new NegotiatedSession(lines, mids, credentials(), fingerprint(), listening);
  }

  private List<OfferedSection> sections() {
    List<OfferedSection> sections = new ArrayList<>();
    sections.add(tagged);
    sections.add(offer.session());
    sections.addAll(bundled);
    for (OfferedLine line : offer.lines()) {
      if (line.mid != null && offer.bundle().contains(line.mid)) {
        sections.add(line);
      }
    }
    return sections;
  }

  private IceCredentials credentials() throws OfferFault {
    for (OfferedSection section : sections()) {
      if (section.iceUfrag == null && section.icePassword == null) {
        continue;
      }
      if (section.iceUfrag == null || section.icePassword == null) {
        throw new OfferFault(
            Math.max(section.iceUfragLine, section.icePasswordLine),
            "Give a=ice-ufrag and a=ice-pwd together.");
      }
      if (!IceCredentials.isUfrag(section.iceUfrag)) {
        throw new OfferFault(
            section.iceUfragLine, "Give a=ice-ufrag 4 to 256 letters, digits, '+' or '/'.");
      }
      if (!IceCredentials.isPassword(section.icePassword)) {
        throw new OfferFault(
            section.icePasswordLine, "Give a=ice-pwd 22 to 256 letters, digits, '+' or '/'.");
      }
      return new IceCredentials(section.iceUfrag, section.icePassword);
    }
    throw new OfferFault(tagged.line, "Add a=ice-ufrag and a=ice-pwd to this line.");
  }

  private void checkSetup() throws OfferFault {
    for (OfferedSection section : sections()) {
      if (section.setup != null) {
        if (!section.setup.equals("actpass") && !section.setup.equals("active")) {
          throw new OfferFault(
              section.setupLine,
              "Offer a=setup:actpass or a=setup:active: this server takes DTLS's server role.");
        }
        return;
      }
    }
    throw new OfferFault(tagged.line, "Add a=setup:actpass to this line.");
  }

  private Fingerprint fingerprint() throws OfferFault {
    for (OfferedSection section : sections()) {
      if (!section.fingerprints.isEmpty()) {
        return fingerprintOf(section);
      }
    }
    throw new OfferFault(tagged.line, "Add a=fingerprint with the certificate's sha-256 hash.");
  }

  /** Several hashes of one certificate may be given; the shortest strong one is enough. */
  private static Fingerprint fingerprintOf(OfferedSection section) throws OfferFault {
    Fingerprint chosen = null;
    for (OfferedSection.FingerprintLine line : section.fingerprints) {
      Fingerprint candidate = line.value();
      if (candidate == null) {
        continue;
      }
      if (chosen != null
          && chosen.algorithm() == candidate.algorithm()
          && !chosen.equals(candidate)) {
        throw new OfferFault(line.line(), "Offer one certificate: this is a second one's hash.");
      }
      if (chosen == null || candidate.algorithm().compareTo(chosen.algorithm()) < 0) {
        chosen = candidate;
      }
    }
    if (chosen == null) {
      throw new OfferFault(
          section.fingerprints.getFirst().line(),
          "Give the fingerprint with sha-256, sha-384 or sha-512.");
    }
    return chosen;
  }

  /** RFC 8843 §9.3: in a group an id means the same on every line. */
  private void checkExtensionIds() throws OfferFault {
    @Nullable String[] uris = new @Nullable String[15];
    for (OfferedLine line : bundled) {
      for (OfferedSection.Extension extension : line.extensions) {
        if (extension.id() >= uris.length) {
          continue;
        }
        String known = uris[extension.id()];
        if (known != null && !known.equals(extension.uri())) {
          throw new OfferFault(
              extension.line(),
              "Use one extmap id for one extension on all lines of the BUNDLE group.");
        }
        uris[extension.id()] = extension.uri();
      }
    }
  }
}
