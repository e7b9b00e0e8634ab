package dev.parley.benchmarks.delay;

import dev.parley.benchmarks.client.PacketWatch;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.media.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.agrona.MutableDirectBuffer;

/**
 * How much later than by a bare wire a sound is heard in a mix: a marked sound is found again in
 * the decoded mix, and would begin there so many milliseconds after it would have begun if the
 * talker's packet were decoded where and when it is sent. What a frame takes to be filled is in
 * neither; the jitter buffer, the wait for the tick, the work and the second codec's look-ahead are
 * in. Talkers and listeners meet in rooms of two. Owner: the one client loop; the figures may be
 * read when it has ended.
 */
public final class MixDelay implements PacketWatch {
  private static final long LONGEST_US = TimeUnit.MILLISECONDS.toMicros(350);
  private static final int MARK_PACKETS = 4;

  private final int rooms;
  private final LongSupplier clockNs;
  private final MarkedVoice voice;
  private final SendTimes sent;
  private final List<KeptStream> heard = new ArrayList<>();
  private final Histogram delayUs = new Histogram(LONGEST_US, 3);
  private long unheard;
  private volatile boolean hasBegun;

  /**
   * Nothing measured yet.
   *
   * @param rooms client {@code n} talks and client {@code rooms + n} listens in room {@code n}
   */
  public MixDelay(int rooms, long seed) {
    this(rooms, seed, RealTime::nowNs);
  }

  MixDelay(int rooms, long seed, LongSupplier clockNs) {
    this.rooms = rooms;
    this.clockNs = clockNs;
    this.voice = new MarkedVoice(seed);
    this.sent = new SendTimes(rooms);
    for (int room = 0; room < rooms; room++) {
      heard.add(new KeptStream());
    }
  }

  /** What the talkers are to say. */
  public VoiceSource voice() {
    return voice.source();
  }

  @Override
  public void begin() {
    hasBegun = true;
  }

  @Override
  public boolean listensAt(int client) {
    return client >= rooms && client < 2 * rooms;
  }

  @Override
  public void onSend(int talker, int count) {
    sent.onSend(talker, count, clockNs.getAsLong());
  }

  @Override
  public void onArrival(int client, RtpPacket packet, MutableDirectBuffer buffer, long arrivedNs) {
    if (hasBegun && listensAt(client)) {
      byte[] payload = new byte[packet.payloadLength()];
      buffer.getBytes(packet.payloadOffset(), payload);
      heard.get(client - rooms).add(packet.sequenceNumber(), payload, arrivedNs);
    }
  }

  /** Searches all mixes for all marks: once, when the loop has ended. */
  public void evaluate() {
    for (int room = 0; room < rooms; room++) {
      KeptStream stream = heard.get(room);
      if (stream.packets() > 0) {
        search(room, stream);
      }
    }
  }

  private void search(int talker, KeptStream stream) {
    float[] sound = stream.decoded();
    long lastNs = stream.arrivedNs(stream.packets() - 1);
    long end = sent.sentBy(talker) * MarkedVoice.FRAME_SAMPLES;
    for (long mark = 0; voice.startOf(mark) < end; mark++) {
      long start = voice.startOf(mark);
      long sentNs = sent.sentNs(talker, start / MarkedVoice.FRAME_SAMPLES);
      // Only marks whose whole search lies within what was kept.
      if (sentNs >= stream.arrivedNs(0)
          && sentNs + TimeUnit.MICROSECONDS.toNanos(LONGEST_US) <= lastNs) {
        note(delayUs(sound, stream, voice.heard(mark), sentNs + samplesNs(start)));
      }
    }
  }

  /** Microseconds, or -1 if the mark is not in the mix, or in packets that never came. */
  private static long delayUs(float[] sound, KeptStream stream, float[] mark, long dueNs) {
    int from = placeAfter(stream, dueNs - samplesNs(MarkedVoice.FRAME_SAMPLES - 1L));
    int to = placeAfter(stream, dueNs + TimeUnit.MICROSECONDS.toNanos(LONGEST_US));
    int found =
        SoundSearch.find(
            sound, from * MarkedVoice.FRAME_SAMPLES, to * MarkedVoice.FRAME_SAMPLES, mark);
    if (found < 0) {
      return -1;
    }
    int place = found / MarkedVoice.FRAME_SAMPLES;
    for (int i = place; i < Math.min(place + MARK_PACKETS, stream.packets()); i++) {
      if (stream.arrivedNs(i) == 0) {
        return -1;
      }
    }
    long heardNs = stream.arrivedNs(place) + samplesNs(found);
    return Math.clamp(TimeUnit.NANOSECONDS.toMicros(heardNs - dueNs), 0, LONGEST_US);
  }

  /** The place of the first packet that came at that time or later. */
  private static int placeAfter(KeptStream stream, long timeNs) {
    int place = 0;
    while (place < stream.packets() && stream.arrivedNs(place) < timeNs) {
      place++;
    }
    return place;
  }

  /** How far into its frame a sample is. */
  private static long samplesNs(long sample) {
    return (long) (sample % MarkedVoice.FRAME_SAMPLES / MarkedVoice.SAMPLES_PER_MS * 1e6);
  }

  private void note(long us) {
    if (us < 0) {
      unheard++;
    } else {
      delayUs.recordValue(us);
    }
  }

  /** Microseconds. */
  public Histogram delayUs() {
    return delayUs;
  }

  /** Marks that were sent and not found. */
  public long unheard() {
    return unheard;
  }
}
