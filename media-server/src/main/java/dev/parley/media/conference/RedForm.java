package dev.parley.media.conference;

import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.rtp.RedPacket;
import org.jspecify.annotations.Nullable;

/**
 * A packet being forwarded as RED (RFC 2198): as its talker made it, or with his packet before put
 * beside. Looked for only once a receiver wants it. Owned by one mix agent.
 */
final class RedForm {
  private static final int HEADERS_LENGTH =
      RedPacket.REDUNDANT_HEADER_LENGTH + RedPacket.PRIMARY_HEADER_LENGTH;

  /** How far the search for the form has come. */
  private enum Search {
    NOT_BEGUN,
    FOUND,
    FAILED
  }

  private final OutgoingFan fan;
  private @Nullable VoicePacket voice;
  private boolean isPassed;
  private int levelDbov;
  private int shownDbov;
  private Search search = Search.NOT_BEGUN;

  /** Writes to a fan that is used for nothing else. */
  RedForm(OutgoingFan fan) {
    this.fan = fan;
  }

  /** Starts with a packet, its level and its talker's, in dBov. */
  void begin(VoicePacket packet, int packetLevelDbov, int talkerLevelDbov) {
    voice = packet;
    isPassed = packet.isPassable();
    levelDbov = packetLevelDbov;
    shownDbov = talkerLevelDbov;
    search = Search.NOT_BEGUN;
  }

  /**
   * True if the talker sent it so: whoever takes RED gets it, for his losses may be made up too.
   */
  boolean isPassed() {
    return isPassed;
  }

  /**
   * Makes the fan ready for targets. False if there is nothing to put beside the packet: the talker
   * paused, his packet before was lost or never forwarded, or both together are too long.
   *
   * @param histories what was sent in each slot, without this packet, which the plan has accepted
   */
  boolean isToBeHad(ForwardPlan plan, @Nullable SentHistory[] histories) {
    if (search == Search.NOT_BEGUN) {
      assert voice != null : "begin first";
      search = find(voice, plan, histories) ? Search.FOUND : Search.FAILED;
    }
    return search == Search.FOUND;
  }

  private boolean find(VoicePacket packet, ForwardPlan plan, @Nullable SentHistory[] histories) {
    ReceivedPacket received = packet.packet();
    if (isPassed) {
      fan.begin(received.buffer(), received.payloadOffset(), received.payloadLength());
      fan.red();
    } else {
      fan.begin(received.buffer(), packet.payloadOffset(), packet.payloadLength());
      if (packet.isRed() || !addOlder(packet, plan, histories)) {
        return false;
      }
    }
    fan.level(levelDbov, received.voiceActivity());
    fan.addCsrc(packet.talker().csrc(), shownDbov);
    return true;
  }

  private boolean addOlder(
      VoicePacket packet, ForwardPlan plan, @Nullable SentHistory[] histories) {
    int talker = packet.talker().number();
    SentHistory history = histories[plan.slotOf(talker)];
    if (history == null || !history.find(plan.epochOf(talker), plan.sequenceOf(talker) - 1)) {
      return false;
    }
    int olderTicks = packet.packet().timestampTicks() - history.timestampTicks();
    if (olderTicks <= 0 || olderTicks > RedPacket.TIMESTAMP_OFFSET_MAX) {
      return false;
    }
    int room = Limits.PAYLOAD_LENGTH_MAX - HEADERS_LENGTH - packet.payloadLength();
    return history.addTo(fan, olderTicks, Math.min(room, RedPacket.REDUNDANT_LENGTH_MAX));
  }
}
