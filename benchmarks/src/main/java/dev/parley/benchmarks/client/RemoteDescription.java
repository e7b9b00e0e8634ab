package dev.parley.benchmarks.client;

import dev.parley.media.dtls.CertificateFingerprint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client needs of the server's session description, be it an answer or an offer (JSEP, RFC
 * 8829).
 *
 * @param ufrag of the server's ICE agent
 * @param password of it
 * @param fingerprint of its certificate
 * @param candidates its UDP host candidates with literal addresses, in their order
 * @param payloadType of Opus
 * @param levelExtensionId of RFC 6464, 0 if the server does not have it
 * @param midExtensionId 0 if the server does not have it
 * @param nack whether it sends lost packets again when asked (RFC 4585 section 4.2)
 * @param lines those that were accepted
 */
public record RemoteDescription(
    String ufrag,
    String password,
    CertificateFingerprint fingerprint,
    List<InetSocketAddress> candidates,
    int payloadType,
    int levelExtensionId,
    int midExtensionId,
    boolean nack,
    List<Line> lines) {
  /**
   * One audio line that was not refused.
   *
   * @param mid its name
   * @param ssrc what the server will send on it, 0 if it sends nothing
   */
  public record Line(String mid, int ssrc) {}

  /** Reads a description; throws IllegalArgumentException with the part that is missing. */
  public static RemoteDescription parse(String sdp) {
    return new Reader().read(sdp);
  }

  private static final class Reader {
    private static final int CANDIDATE_FIELDS_MIN = 8;

    private final List<InetSocketAddress> candidates = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private @Nullable String ufrag;
    private @Nullable String password;
    private @Nullable CertificateFingerprint fingerprint;
    private int payloadType = LocalDescription.PAYLOAD_TYPE;
    private int levelExtensionId;
    private int midExtensionId;
    private boolean nack;
    private boolean inAcceptedLine;
    private String mid = "";
    private int ssrc;

    RemoteDescription read(String sdp) {
      sdp.lines().forEach(this::readLine);
      endLine();
      if (candidates.isEmpty()) {
        throw new IllegalArgumentException("description without a UDP candidate");
      }
      if (lines.isEmpty()) {
        throw new IllegalArgumentException("description without an accepted line");
      }
      return new RemoteDescription(
          require(ufrag, "ice-ufrag"),
          require(password, "ice-pwd"),
          require(fingerprint, "fingerprint"),
          List.copyOf(candidates),
          payloadType,
          levelExtensionId,
          midExtensionId,
          nack,
          List.copyOf(lines));
    }

    private void readLine(String line) {
      if (line.startsWith("m=")) {
        endLine();
        String[] fields = line.split(" ", -1);
        inAcceptedLine = line.startsWith("m=audio ") && !fields[1].equals("0");
        if (inAcceptedLine) {
          payloadType = Integer.parseInt(fields[3]);
        }
      } else if (line.startsWith("a=")) {
        int colon = line.indexOf(':');
        readAttribute(
            line.substring(2, colon < 0 ? line.length() : colon), line.substring(colon + 1));
      }
    }

    private void endLine() {
      if (inAcceptedLine) {
        lines.add(new Line(mid, ssrc));
      }
      inAcceptedLine = false;
      mid = "";
      ssrc = 0;
    }

    private void readAttribute(String name, String value) {
      switch (name) {
        case "ice-ufrag" -> ufrag = value;
        case "ice-pwd" -> password = value;
        case "fingerprint" -> fingerprint = fingerprint(value);
        case "mid" -> mid = value;
        case "ssrc" -> ssrc = (int) Long.parseLong(value.substring(0, value.indexOf(' ')));
        case "extmap" -> extension(value);
        case "rtcp-fb" -> nack |= value.endsWith(" nack");
        case "candidate" -> candidate(value.split(" ", -1));
        default -> {
          // Everything else is as we offer it, or none of our concern.
        }
      }
    }

    private void extension(String value) {
      int id = Integer.parseInt(value.split("[ /]", 2)[0]);
      if (value.contains("ssrc-audio-level")) {
        levelExtensionId = id;
      } else if (value.contains("sdes:mid")) {
        midExtensionId = id;
      }
    }

    /** RFC 8839 §5.1: foundation, component, transport, priority, address, port, "typ", type. */
    private void candidate(String[] fields) {
      if (fields.length < CANDIDATE_FIELDS_MIN
          || !fields[2].toLowerCase(Locale.ROOT).equals("udp")) {
        return;
      }
      try {
        InetSocketAddress address =
            new InetSocketAddress(InetAddress.ofLiteral(fields[4]), Integer.parseInt(fields[5]));
        if (!candidates.contains(address)) {
          candidates.add(address);
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("candidate without a literal address: " + fields[4], e);
      }
    }

    private static CertificateFingerprint fingerprint(String value) {
      String[] fields = value.split(" ", 2);
      return CertificateFingerprint.of(
          fields[0], HexFormat.ofDelimiter(":").parseHex(fields[1].toLowerCase(Locale.ROOT)));
    }

    private static <T> T require(@Nullable T value, String name) {
      if (value == null) {
        throw new IllegalArgumentException("description without " + name);
      }
      return value;
    }
  }
}
