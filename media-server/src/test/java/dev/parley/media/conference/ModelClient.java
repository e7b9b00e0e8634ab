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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
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
      int levelDbov, boolean voiceActivity, List<Integer> csrcLevelsDbov, String payload) {}

  final String name;
  final int peerId;
  final int loop;
  final List<Heard> heard = new ArrayList<>();

  /** Packets sent again; they are kept apart and not played. */
  final List<Heard> heardAgain = new ArrayList<>();

  double toneHz;
  double amplitude = 0.3;
  boolean isSending;
  boolean sendsLevel = true;
  boolean toleratesGaps;
  double lossShare;
  private final RingBuffer inbound;
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
    if (random.nextDouble() >= lossShare) {
      send(packet, length, sendsLevel ? levelDbov : ReceivedPacket.LEVEL_UNKNOWN, 111, nowNs);
    }
    sequenceNumber++;
    sampleTime += FRAME;
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
    int length = outgoing.getPayload(packet, 0);
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

  private Content content(OutgoingPacket outgoing) {
    List<Integer> levels = new ArrayList<>();
    for (int i = 0; i < outgoing.csrcCount(); i++) {
      levels.add(outgoing.csrcLevelDbov(i));
    }
    int length = outgoing.getPayload(packet, 0);
    String payload = HexFormat.of().formatHex(packet, 0, length);
    return new Content(outgoing.levelDbov(), outgoing.voiceActivity(), levels, payload);
  }

  /** Asks for packets of a line by the numbers they had here. */
  void askAgain(int line, int sequenceNumber) {
    assertThat(LostPackets.tryWrite(inbound, peerId, line, sequenceNumber & 0xFFFF, 1)).isTrue();
  }

  /** Reports the share of packets it lost, 0..255 in 256ths. */
  void report(int fractionLost) {
    assertThat(ReceptionReport.tryWrite(inbound, peerId, fractionLost, 0, 0)).isTrue();
  }

  void forgetHeard() {
    heard.clear();
    heardAgain.clear();
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
