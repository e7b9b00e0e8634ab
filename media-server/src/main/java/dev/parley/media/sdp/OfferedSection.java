package dev.parley.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attributes that may stand for the whole session or for one m-line. Mutable while {@link
 * OfferParser} reads; each line number is where the attribute stood, 0 if nowhere.
 */
class OfferedSection {
  /** A header extension as offered (RFC 8285 §8). */
  record Extension(int line, int id, Direction direction, String uri, String attributes) {}

  /** A fingerprint line; {@code value} is null for a hash too weak or unknown. */
  record FingerprintLine(int line, @Nullable Fingerprint value) {}

  final List<Extension> extensions = new ArrayList<>();
  final List<FingerprintLine> fingerprints = new ArrayList<>();
  @Nullable Direction direction;
  @Nullable String iceUfrag;
  int iceUfragLine;
  @Nullable String icePassword;
  int icePasswordLine;
  @Nullable String setup;
  int setupLine;
}
