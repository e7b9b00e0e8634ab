package dev.parley.media.opus;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over an Opus packet's framing (RFC 6716 §3): what it holds, told without decoding. Wrap
 * it, read it, never keep it. One thread. Only a packet that keeps every rule R1 to R7 of §3.4 can
 * be wrapped.
 */
public final class OpusPacket {
  /** Longest packet taken, bytes: more than any that fits an Ethernet frame. */
  public static final int LENGTH_MAX = 4_096;

  private static final int FRAME_LENGTH_MAX = 1_275;
  private static final int FRAMES_MAX = 48;

  private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
  private int toc;
  private int frameCount;

  /** Which of the two codecs speaks (RFC 6716 §2). */
  public enum Mode {
    /** Linear prediction: speech. */
    SILK,
    /** Both. */
    HYBRID,
    /** Transform: music, low delay. */
    CELT
  }

  /** Highest frequency that the packet can carry (RFC 6716 §2). */
  public enum Bandwidth {
    /** 4 kHz. */
    NARROWBAND,
    /** 6 kHz. */
    MEDIUMBAND,
    /** 8 kHz. */
    WIDEBAND,
    /** 12 kHz. */
    SUPERWIDEBAND,
    /** 20 kHz. */
    FULLBAND
  }

  private static final Bandwidth[] SILK_BANDWIDTHS = {
    Bandwidth.NARROWBAND, Bandwidth.MEDIUMBAND, Bandwidth.WIDEBAND
  };
  private static final Bandwidth[] CELT_BANDWIDTHS = {
    Bandwidth.NARROWBAND, Bandwidth.WIDEBAND, Bandwidth.SUPERWIDEBAND, Bandwidth.FULLBAND
  };

  /** Takes a packet; false if it breaks a rule of RFC 6716 §3.4, and then nothing may be read. */
  public boolean wrap(DirectBuffer packet, int offset, int length) {
    if (length < 1 || length > LENGTH_MAX || offset < 0 || offset > packet.capacity() - length) {
      return false;
    }
    buffer.wrap(packet, offset, length);
    return isWellFormed(length);
  }

  /** As {@link #wrap(DirectBuffer, int, int)}. */
  public boolean wrap(byte[] packet, int offset, int length) {
    if (length < 1 || length > LENGTH_MAX || offset < 0 || offset > packet.length - length) {
      return false;
    }
    buffer.wrap(packet, offset, length);
    return isWellFormed(length);
  }

  /** The codec in use. */
  public Mode mode() {
    int configuration = toc >> 3;
    if (configuration < 12) {
      return Mode.SILK;
    }
    return configuration < 16 ? Mode.HYBRID : Mode.CELT;
  }

  /** The highest frequency coded. */
  public Bandwidth bandwidth() {
    int configuration = toc >> 3;
    return switch (mode()) {
      case SILK -> SILK_BANDWIDTHS[configuration >> 2];
      case HYBRID -> configuration < 14 ? Bandwidth.SUPERWIDEBAND : Bandwidth.FULLBAND;
      case CELT -> CELT_BANDWIDTHS[(configuration - 16) >> 2];
    };
  }

  /** Whether the packet carries two channels. */
  public boolean isStereo() {
    return (toc & 0x04) != 0;
  }

  /** Frames in the packet, 1..48. */
  public int frameCount() {
    return frameCount;
  }

  /**
   * Length of one frame in samples per channel at 48 kHz, 120..2880; equally RTP timestamp ticks.
   */
  public int frameSamples() {
    return frameSamples(toc);
  }

  /**
   * Length of the packet in samples per channel at 48 kHz, 120..5760; equally RTP timestamp ticks.
   */
  public int durationSamples() {
    return frameCount * frameSamples(toc);
  }

  private static int frameSamples(int toc) {
    int configuration = toc >> 3;
    int size = configuration & 3;
    if (configuration < 12) {
      return size == 3 ? 2_880 : 480 << size;
    }
    return configuration < 16 ? 480 << (size & 1) : 120 << size;
  }

  private boolean isWellFormed(int length) {
    toc = buffer.getByte(0) & 0xFF;
    return switch (toc & 3) {
      case 0 -> frames(1) && length - 1 <= FRAME_LENGTH_MAX;
      case 1 -> frames(2) && (length - 1) % 2 == 0 && (length - 1) / 2 <= FRAME_LENGTH_MAX;
      case 2 -> frames(2) && areTwoUnequal(length);
      default -> areMany(length);
    };
  }

  /** Notes the frame count; false if the sound would last longer than 120 ms. */
  private boolean frames(int count) {
    frameCount = count;
    return count * frameSamples(toc) <= OpusCodec.PACKET_SAMPLES_MAX;
  }

  private boolean areTwoUnequal(int length) {
    int first = frameLength(1, length);
    if (first < 0) {
      return false;
    }
    int second = length - 1 - lengthOfLength(first) - first;
    return second >= 0 && second <= FRAME_LENGTH_MAX;
  }

  /**
   * Code 3 (RFC 6716 §3.2.5): a count, perhaps padding, then frames of one length or each with its
   * own.
   */
  private boolean areMany(int length) {
    if (length < 2) {
      return false;
    }
    int header = buffer.getByte(1) & 0xFF;
    int count = header & 0x3F;
    if (count < 1 || count > FRAMES_MAX || !frames(count)) {
      return false;
    }
    int position = 2;
    int end = length;
    if ((header & 0x40) != 0) {
      int paddingByte;
      do {
        if (position >= end) {
          return false;
        }
        paddingByte = buffer.getByte(position++) & 0xFF;
        end -= paddingByte == 255 ? 254 : paddingByte;
      } while (paddingByte == 255);
    }
    boolean isVariable = (header & 0x80) != 0;
    return isVariable ? areVariable(position, end, count) : areEqual(end - position, count);
  }

  private static boolean areEqual(int bytes, int count) {
    return bytes >= 0 && bytes % count == 0 && bytes / count <= FRAME_LENGTH_MAX;
  }

  private boolean areVariable(int firstPosition, int end, int count) {
    int position = firstPosition;
    int bytes = 0;
    for (int i = 0; i < count - 1; i++) {
      int frameLength = frameLength(position, end);
      if (frameLength < 0) {
        return false;
      }
      position += lengthOfLength(frameLength);
      bytes += frameLength;
    }
    int last = end - position - bytes;
    return last >= 0 && last <= FRAME_LENGTH_MAX;
  }

  /** A frame's length as coded at {@code position} (RFC 6716 §3.2.1), or -1 if it is cut off. */
  private int frameLength(int position, int end) {
    if (position >= end) {
      return -1;
    }
    int first = buffer.getByte(position) & 0xFF;
    if (first < 252) {
      return first;
    }
    return position + 1 < end ? (buffer.getByte(position + 1) & 0xFF) * 4 + first : -1;
  }

  private static int lengthOfLength(int frameLength) {
    return frameLength < 252 ? 1 : 2;
  }
}
