package dev.parley.media;

import dev.parley.media.conference.ConferenceAgent;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.conference.ConferenceAgentSettings;
import dev.parley.media.conference.ConferenceCounters;
import dev.parley.media.conference.ConferenceDescription;
import dev.parley.media.conference.ConferenceEvent;
import dev.parley.media.conference.ParticipantDescription;
import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.PeerStateChange;
import dev.parley.media.packet.ReceivedPacketWriter;
import java.util.List;
import java.util.Queue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * A call that nobody is in, four seconds of it in a fraction of one: four people speak in turn, two
 * listening to the speakers and two to a mix. Run once before the server is ready, for the first
 * frame a process mixes takes it a tenth of a second: native calls are linked, classes loaded,
 * loops compiled. One thread.
 */
final class Rehearsal {
  private static final int PARTICIPANTS = 4;
  private static final int COMPLEXITY = 5;
  private static final int TICKS = 200;
  private static final int TICKS_PER_TURN = 50;
  private static final int CYCLES_PER_TICK = 5;
  private static final long CYCLE_NS = 4_000_000L;
  private static final int PAYLOAD_TYPE = 111;
  private static final int LINES = 3;
  private static final int SPOKEN_DBOV = -25;
  private static final int SILENT_DBOV = -127;
  private static final int TONE_HZ = 400;
  private static final double TONE_AMPLITUDE = 0.1;
  private static final int SAMPLES_PER_SECOND = 48_000;
  private static final int EVENTS_MAX = 64;

  private final ConferenceCounters counters = new ConferenceCounters();
  private final RingBuffer inbound = MediaRing.create();
  private final RingBuffer outbound = MediaRing.create();
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final OpusCodec codec;
  private long nowNs;

  Rehearsal(OpusCodec codec) {
    this.codec = codec;
  }

  /** Plays the call; what was counted in it tells whether all of it took part. */
  ConferenceCounters play() {
    ConferenceAgentProxy proxy = new ConferenceAgentProxy(() -> {});
    Queue<ConferenceEvent> events = new OneToOneConcurrentArrayQueue<>(EVENTS_MAX);
    ConferenceAgent agent =
        new ConferenceAgent(
            new ConferenceAgentSettings(
                0,
                () -> nowNs,
                List.of(inbound),
                List.of(outbound),
                _ -> {},
                (_, _) -> true,
                events,
                codec,
                COMPLEXITY,
                JitterBuffer.MIN_DELAY_DEFAULT_MS,
                counters,
                0),
            proxy);
    ConferenceDescription conference = new ConferenceDescription("rehearsal", 1, LINES, LINES);
    for (int peer = 0; peer < PARTICIPANTS; peer++) {
      proxy.addParticipant(conference, participant(peer));
    }
    agent.doWork();
    for (int peer = 0; peer < PARTICIPANTS; peer++) {
      PeerStateChange.tryWrite(inbound, peer, PeerState.CONNECTED, nowNs);
    }
    OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(1));
    try {
      for (int tick = 0; tick < TICKS; tick++) {
        speak(encoder, tick);
        for (int cycle = 0; cycle < CYCLES_PER_TICK; cycle++) {
          agent.doWork();
          outbound.read((type, buffer, index, length) -> {});
          nowNs += CYCLE_NS;
        }
        events.clear();
      }
    } finally {
      encoder.close();
      agent.onClose();
    }
    return counters;
  }

  private static ParticipantDescription participant(int peer) {
    Reception reception =
        peer % 2 == 0
            ? new Reception(Listening.FORWARD, LINES, 1, 0, false, false)
            : new Reception(Listening.MIX, 1, 2, 0, true, false);
    return new ParticipantDescription(
        "rehearsal-" + peer, peer, peer, 0, reception, true, false, PAYLOAD_TYPE);
  }

  /** Sends one packet of each: a tone from whose turn it is, and silence from the others. */
  private void speak(OpusEncoder encoder, int tick) {
    float[] samples = new float[OpusCodec.FRAME_SAMPLES];
    byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
    for (int peer = 0; peer < PARTICIPANTS; peer++) {
      boolean isSpeaking = tick / TICKS_PER_TURN % PARTICIPANTS == peer;
      for (int i = 0; i < samples.length; i++) {
        double angle = 2 * Math.PI * TONE_HZ * i / SAMPLES_PER_SECOND;
        samples[i] = isSpeaking ? (float) (TONE_AMPLITUDE * Math.sin(angle)) : 0;
      }
      int length = encoder.encode(samples, 0, packet, 0, packet.length);
      if (length > 0 && writer.tryClaim(inbound, length)) {
        writer
            .peerId(peer)
            .arrivalNs(nowNs)
            .ssrc(peer)
            .timestampTicks(tick * OpusCodec.FRAME_SAMPLES)
            .sequenceNumber(tick)
            .payloadType(PAYLOAD_TYPE)
            .levelDbov(isSpeaking ? SPOKEN_DBOV : SILENT_DBOV)
            .voiceActivity(isSpeaking)
            .marker(false)
            .payload(packet, 0)
            .commit();
      }
    }
  }
}
