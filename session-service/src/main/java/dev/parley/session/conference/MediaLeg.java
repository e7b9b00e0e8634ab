package dev.parley.session.conference;

import dev.parley.common.control.Order.SignallingProfile;
import org.jspecify.annotations.Nullable;

/**
 * One peer connection of a participant. Immutable. It has one that sends and receives, or one for
 * each, or one of the two.
 *
 * @param id unguessable; the last part of its URL
 * @param profile how its offer came, and so what it carries
 * @param clientFragment the client's ICE user name fragment, by which a new one is told from the
 *     present one; null until the media server has said which it took
 * @param restarts how often ICE was begun anew: names the ICE session within the leg
 */
public record MediaLeg(
    String id, SignallingProfile profile, @Nullable String clientFragment, int restarts) {

  static MediaLeg begun(String id, SignallingProfile profile) {
    return new MediaLeg(id, profile, null, 0);
  }

  MediaLeg answered(@Nullable String fragment) {
    return new MediaLeg(id, profile, fragment, restarts);
  }

  MediaLeg restarted(String fragment) {
    return new MediaLeg(id, profile, fragment, restarts + 1);
  }
}
