package dev.parley.media.sdp;

import java.util.List;

/**
 * An offer as it was written, its syntax checked and nothing decided.
 *
 * @param session attributes that hold for every line that has none of its own
 * @param bundle mids of the first BUNDLE group in order; empty if there is none
 * @param bundleLine where the group stood, or 0
 */
record SdpOffer(
    OfferedSection session, List<OfferedLine> lines, List<String> bundle, int bundleLine) {
  SdpOffer {
    lines = List.copyOf(lines);
    bundle = List.copyOf(bundle);
  }
}
