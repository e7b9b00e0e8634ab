package dev.parley.media.conference;

import dev.parley.media.jitter.ArrivedPacket;
import dev.parley.media.mix.Mixer;
import dev.parley.media.opus.OpusCodec;
import java.util.SplittableRandom;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What all conferences of one mix agent share: its outlets, and working memory that holds nothing
 * from one call to the next. Owned by that agent.
 */
final class AgentParts {
  final OpusCodec codec;
  final int jitterMinMs;
  final ConferenceCounters counters;
  final OutgoingFan fan;

  /** For the same packet as RED, to those who take it. */
  final OutgoingFan redFan;

  final EventOutbox outbox;
  final PeerRemovals removals;
  final EncoderEffort effort;
  final Retransmitter retransmitter;
  final MixOutputPool outputs;
  final SplittableRandom random;
  final Int2ObjectHashMap<Participant> participantsByPeer = new Int2ObjectHashMap<>();
  final VoicePacket voice = new VoicePacket();
  final ArrivedPacket arrivedPacket = new ArrivedPacket();
  final Mixer mixer = new Mixer(TalkerSound.BUS_FRAME_LENGTH);

  /** Participants of all conferences who are forwarded packets: then none may wait for a tick. */
  int forwardReceivers;

  final float[] ownMix = new float[TalkerSound.BUS_FRAME_LENGTH];

  AgentParts(ConferenceAgentSettings settings) {
    codec = settings.codec();
    jitterMinMs = settings.jitterMinMs();
    counters = settings.counters();
    fan = new OutgoingFan(settings.outbound(), settings.wake(), counters);
    redFan = fan.companion();
    outbox = new EventOutbox(settings.events(), counters);
    removals = new PeerRemovals(settings.peers());
    effort = new EncoderEffort(settings.complexity(), counters, settings.clock().nanoTime());
    retransmitter = new Retransmitter(this);
    outputs = new MixOutputPool(settings.index(), codec, effort, counters);
    random = new SplittableRandom(settings.seed());
  }
}
