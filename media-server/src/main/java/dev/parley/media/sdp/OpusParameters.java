package dev.parley.media.sdp;

/**
 * What the client's decoder wants of our Opus stream and says of its own (RFC 7587 §6.1).
 *
 * @param stereo it wants two channels if there are two
 * @param senderStereo ({@code sprop-stereo}) it may itself send two channels
 * @param inbandFec it makes use of in-band forward error correction
 * @param dtx it wants silence left out
 * @param averageBitrateMax bits a second, 6 000 to 510 000
 * @param packetTimeMaxMs longest packet it takes ({@code maxptime}), 20 to 120
 */
public record OpusParameters(
    boolean stereo,
    boolean senderStereo,
    boolean inbandFec,
    boolean dtx,
    int averageBitrateMax,
    int packetTimeMaxMs) {
  /** What holds for parameters that are left out. */
  public static final OpusParameters DEFAULT =
      new OpusParameters(false, false, false, false, 510_000, 120);

  /** Reads a {@code fmtp} value; parameters we do not know are passed over. */
  static OpusParameters parse(int line, String text, int packetTimeMaxMs) throws OfferFault {
    boolean stereo = false;
    boolean senderStereo = false;
    boolean inbandFec = false;
    boolean dtx = false;
    int averageBitrateMax = DEFAULT.averageBitrateMax;
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf(';', start);
      end = end < 0 ? text.length() : end;
      String parameter = text.substring(start, end).strip();
      start = end + 1;
      int equals = parameter.indexOf('=');
      if (equals < 0) {
        continue;
      }
      String value = parameter.substring(equals + 1).strip();
      switch (SdpText.lowerCase(parameter.substring(0, equals).strip())) {
        case "stereo" -> stereo = flag(line, "stereo", value);
        case "sprop-stereo" -> senderStereo = flag(line, "sprop-stereo", value);
        case "useinbandfec" -> inbandFec = flag(line, "useinbandfec", value);
        case "usedtx" -> dtx = flag(line, "usedtx", value);
        case "maxaveragebitrate" -> averageBitrateMax = bitrate(line, value);
        default -> {}
      }
    }
    return new OpusParameters(
        stereo, senderStereo, inbandFec, dtx, averageBitrateMax, packetTimeMaxMs);
  }

  private static boolean flag(int line, String name, String value) throws OfferFault {
    if (!value.equals("0") && !value.equals("1")) {
      throw new OfferFault(line, "Write " + name + "=0 or " + name + "=1.");
    }
    return value.equals("1");
  }

  private static int bitrate(int line, String value) throws OfferFault {
    long bitrate = SdpText.number(value, 999_999_999);
    if (bitrate < 0) {
      throw new OfferFault(line, "Give maxaveragebitrate in bits a second, 6000 to 510000.");
    }
    // Beyond the bounds the nearest bound is what the client can mean.
    return Math.clamp(bitrate, 6_000, 510_000);
  }
}
