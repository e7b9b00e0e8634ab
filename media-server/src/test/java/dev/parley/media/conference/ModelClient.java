package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.mix.ToneDetector;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceivedPacketWriter;
import dev.parley.media.packet.ReceptionReport;
import dev.parley.media.packet.UplinkReport;
import dev.parley.media.rtp.RedPacket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * A client as the agent sees it: sends a tone, keeps what it is sent, decodes each line, and checks
 * as it goes that no sequence number comes twice or is left out unless {@link #toleratesGaps}.
 */
final class ModelClient {
  static final int FRAME = 960;

  record Heard(
      long atNs,
      int line,
      int sequenceNumber,
      int timestampTicks,
      boolean marker,
      int payloadLength,
      List<Integer> csrcs,
      Content content) {}

  /** What of a packet is the same for all its receivers, save the CSRCs. */
  record Content(
      int levelDbov,
      boolean voiceActivity,
      List<Integer> csrcLevelsDbov,
      boolean isRed,
      String payload) {}

  /** An Opus packet that came beside the packet with this number. */
  record Older(int line, int sequenceNumber, int olderTicks, String opus) {}

  /** The packets themselves, by line and number. */
  record Place(int line, int sequenceNumber) {}

  final String name;
  final int peerId;
  final int loop;
  final List<Heard> heard = new ArrayList<>();

  /** Packets sent again; they are kept apart and not played. */
  final List<Heard> heardAgain = new ArrayList<>();

  final List<Older> older = new ArrayList<>();
  final Map<Place, String> opusAt = new HashMap<>();

  /** Packets before that are sent along with each. */
  int redundancy;

  double toneHz;
  double amplitude = 0.3;
  boolean isSending;
  boolean sendsLevel = true;
  boolean toleratesGaps;
  double lossShare;

  /** One packet in so many is lost; 0 for none. */
  int losesOneIn;

  int lostCount;

  /** Of its loop, to the agent that has its conference. */
  RingBuffer inbound;

  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final OpusEncoder encoder;
  private final OpusDecoder[] decoders = new OpusDecoder[8];
  private final float[][] sound = new float[8][0];
  private final int[] soundLengths = new int[8];
  private final int[] expectedSequence = new int[8];
  private final float[] frame = new float[FRAME];
  private final byte[] packet = new byte[1500];
  private final float[] decoded = new float[5760 * 2];
  private final Random random;
  private final int phaseMs;
  private final Deque<byte[]> sentBefore = new ArrayDeque<>();
  private final RedPacket red = new RedPacket();
  private long sampleTime;
  private int sequenceNumber;

  ModelClient(String name, int peerId, int loop, RingBuffer inbound) {
    this.name = name;
    this.peerId = peerId;
    this.loop = loop;
    this.inbound = inbound;
    random = new Random(peerId);
    phaseMs = peerId * 7 % 20;
    sequenceNumber = 65_500 + peerId % 30;
    encoder =
        OpusCodec.best()
            .newEncoder(OpusEncoderSettings.voice(1).withComplexity(0).withInBandFec(true, 10));
    Arrays.fill(expectedSequence, -1);
  }

  /** The number under which the rig admits this client. */
  int csrc() {
    return 0x5000 + peerId;
  }

  ModelClient talk(double hertz) {
    toneHz = hertz;
    isSending = true;
    return this;
  }

  void sendIfDue(long nowNs) {
    if (isSending && Math.floorMod(nowNs / 1_000_000, 20) == phaseMs) {
      send(nowNs);
    }
  }

  void send(long nowNs) {
    Arrays.fill(frame, 0f);
    ToneDetector.addTone(frame, 1, toneHz, amplitude, sampleTime);
    int length = encoder.encode(frame, 0, packet, 0, packet.length);
    int levelDbov = amplitude > 0 ? (int) (20 * Math.log10(amplitude / Math.sqrt(2))) : -127;
    boolean isLost = losesOneIn > 0 && sequenceNumber % losesOneIn == 0;
    lostCount += isLost ? 1 : 0;
    byte[] payload = redundancy > 0 ? red(length) : packet;
    if (!isLost && random.nextDouble() >= lossShare) {
      send(
          payload,
          redundancy > 0 ? payload.length : length,
          sendsLevel ? levelDbov : ReceivedPacket.LEVEL_UNKNOWN,
          redundancy > 0 ? ConferenceRig.RED : 111,
          nowNs);
    }
    sentBefore.addLast(Arrays.copyOf(packet, length));
    if (sentBefore.size() > 2) {
      sentBefore.removeFirst();
    }
    sequenceNumber++;
    sampleTime += FRAME;
  }

  /** Leaves packets out of the numbering, as a pause of the talker does not: timestamps go on. */
  void pause(int frames) {
    sampleTime += (long) frames * FRAME;
    sentBefore.clear();
  }

  /** The packet with those before, oldest first (RFC 2198 section 3). */
  private byte[] red(int length) {
    List<byte[]> blocks = List.copyOf(sentBefore);
    blocks = blocks.subList(Math.max(0, blocks.size() - redundancy), blocks.size());
    UnsafeBuffer payload = new UnsafeBuffer(new byte[1500]);
    int at = 0;
    for (int i = 0; i < blocks.size(); i++) {
      int olderTicks = (blocks.size() - i) * FRAME;
      RedPacket.writeHeaders(payload, at, 111, olderTicks, blocks.get(i).length);
      at += RedPacket.REDUNDANT_HEADER_LENGTH;
    }
    payload.putByte(at++, (byte) 111);
    for (byte[] block : blocks) {
      payload.putBytes(at, block);
      at += block.length;
    }
    payload.putBytes(at, packet, 0, length);
    return Arrays.copyOf(payload.byteArray(), at + length);
  }

  void send(byte[] payload, int length, int levelDbov, int payloadType, long nowNs) {
    assertThat(writer.tryClaim(inbound, length)).isTrue();
    writer
        .peerId(peerId)
        .arrivalNs(nowNs)
        .ssrc(0x77000 + peerId)
        .timestampTicks((int) sampleTime)
        .sequenceNumber(sequenceNumber)
        .payloadType(payloadType)
        .levelDbov(levelDbov)
        .voiceActivity(amplitude > 0)
        .marker(false)
        .payload(payload, 0);
    writer.commit();
  }

  void receive(OutgoingPacket outgoing, int target, long nowNs) {
    int line = outgoing.targetLine(target);
    List<Integer> csrcs = new ArrayList<>();
    for (int i = 0; i < outgoing.csrcCount(); i++) {
      csrcs.add(outgoing.csrc(i));
    }
    assertThat(csrcs).as(name + " hears itself").doesNotContain(csrc());
    int sequence = outgoing.targetSequenceNumber(target);
    Heard received =
        new Heard(
            nowNs,
            line,
            sequence,
            outgoing.targetTimestampTicks(target),
            outgoing.targetMarker(target),
            outgoing.payloadLength(),
            csrcs,
            content(outgoing));
    if (outgoing.isRetransmission()) {
      heardAgain.add(received);
      return;
    }
    if (expectedSequence[line] >= 0 && !toleratesGaps) {
      assertThat(sequence).as(name + "'s next on line " + line).isEqualTo(expectedSequence[line]);
    }
    expectedSequence[line] = sequence + 1 & 0xFFFF;
    heard.add(received);
    int length = opusOf(outgoing, line, sequence);
    if (decoders[line] == null) {
      decoders[line] = OpusCodec.best().newDecoder(1);
    }
    int samples = decoders[line].decode(packet, 0, length, decoded, 0);
    assertThat(samples).as("decodable").isPositive();
    int from = soundLengths[line];
    if (from + samples > sound[line].length) {
      sound[line] = Arrays.copyOf(sound[line], 2 * (from + samples));
    }
    System.arraycopy(decoded, 0, sound[line], from, samples);
    soundLengths[line] += samples;
  }

  /** Moves the Opus packet to the front, keeps those beside it, and returns its length. */
  private int opusOf(OutgoingPacket outgoing, int line, int sequence) {
    int length = outgoing.getPayload(packet, 0);
    if (outgoing.isRed()) {
      UnsafeBuffer payload = new UnsafeBuffer(packet);
      assertThat(red.wrap(payload, 0, length, packet[0] & 0x7F)).as("well-formed RED").isTrue();
      for (int i = 0; i < red.redundantCount(); i++) {
        int from = red.redundantOffset(i);
        String opus = HexFormat.of().formatHex(packet, from, from + red.redundantLength(i));
        older.add(new Older(line, sequence, red.timestampOffsetTicks(i), opus));
      }
      length = red.primaryLength();
      System.arraycopy(packet, red.primaryOffset(), packet, 0, length);
    }
    opusAt.put(new Place(line, sequence), HexFormat.of().formatHex(packet, 0, length));
    return length;
  }

  private Content content(OutgoingPacket outgoing) {
    List<Integer> levels = new ArrayList<>();
    for (int i = 0; i < outgoing.csrcCount(); i++) {
      levels.add(outgoing.csrcLevelDbov(i));
    }
    int length = outgoing.getPayload(packet, 0);
    String payload = HexFormat.of().formatHex(packet, 0, length);
    return new Content(
        outgoing.levelDbov(), outgoing.voiceActivity(), levels, outgoing.isRed(), payload);
  }

  /** Asks for packets of a line by the numbers they had here. */
  void askAgain(int line, int sequenceNumber) {
    assertThat(LostPackets.tryWrite(inbound, peerId, line, sequenceNumber & 0xFFFF, 1)).isTrue();
  }

  /** The packets that came last, as they came. */
  List<Heard> lastHeard(int count) {
    assertThat(heard).hasSizeGreaterThanOrEqualTo(count);
    return List.copyOf(heard.subList(heard.size() - count, heard.size()));
  }

  /** Reports the share of packets it lost, 0..255 in 256ths. */
  void report(int fractionLost) {
    assertThat(ReceptionReport.tryWrite(inbound, peerId, fractionLost, 0, 0)).isTrue();
  }

  /** Reports how packets came, and how long the way there and back is. */
  void report(int fractionLost, long roundTripNs, int jitterTicks) {
    assertThat(ReceptionReport.tryWrite(inbound, peerId, fractionLost, roundTripNs, jitterTicks))
        .isTrue();
  }

  /** Has its packets have come so. */
  void reportUplink(int fractionLost, int jitterTicks) {
    assertThat(UplinkReport.tryWrite(inbound, peerId, fractionLost, jitterTicks)).isTrue();
  }

  void forgetHeard() {
    heard.clear();
    heardAgain.clear();
    older.clear();
    opusAt.clear();
    Arrays.fill(soundLengths, 0);
  }

  /** Amplitude of a tone in the last so many milliseconds of any line. */
  double amplitudeOf(double hertz, int lastMs) {
    double amplitude = 0;
    for (int line = 0; line < sound.length; line++) {
      int to = soundLengths[line];
      int from = Math.max(0, to - lastMs * 48);
      if (to > from) {
        amplitude = Math.max(amplitude, ToneDetector.amplitude(sound[line], from, to, hertz));
      }
    }
    return amplitude;
  }

  float[] sound(int line) {
    return Arrays.copyOf(sound[line], soundLengths[line]);
  }

  void close() {
    encoder.close();
    for (OpusDecoder decoder : decoders) {
      if (decoder != null) {
        decoder.close();
      }
    }
  }
}
