package dev.parley.media.ogg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads an Opus stream out of an Ogg file as far as it is whole: pages that are broken, of another
 * stream, or not of this file at all are passed over, and counted. One thread.
 */
public final class OggOpusReader {
  /** Hears what is in the file. */
  public interface Listener {
    /** A packet of sound, in the file's order; from {@code offset} for {@code length} bytes. */
    void onPacket(byte[] bytes, int offset, int length);
  }

  /** A packet longer than this is nobody's. */
  private static final int PACKET_LENGTH_MAX = 1 << 16;

  private final OggPage page = new OggPage();
  private final byte[] packet = new byte[PACKET_LENGTH_MAX];
  private int packetLength;
  private boolean isInPacket;
  private boolean hasTags;
  private @Nullable OpusHead head;
  private int serial;
  private int nextPageNumber;
  private long granulePosition;
  private boolean hasEnd;
  private long bytesSkipped;
  private int pagesMissing;

  /** Reads a file, or its next part if that begins and ends between two pages. */
  public void read(byte[] bytes, int start, int end, Listener listener) {
    int offset = start;
    while (offset < end) {
      if (page.wrap(bytes, offset, end)) {
        onPage(bytes, listener);
        offset += page.length();
      } else {
        offset++;
        bytesSkipped++;
      }
    }
  }

  private void onPage(byte[] bytes, Listener listener) {
    boolean isOurs = head != null && page.serial() == serial;
    if (head == null) {
      if (!page.isFirst() || !OpusHead.isAt(bytes, page.bodyOffset(), bodyLength())) {
        bytesSkipped += page.length();
        return;
      }
      head = OpusHead.decode(bytes, page.bodyOffset());
      serial = page.serial();
      nextPageNumber = page.pageNumber() + 1;
      return;
    }
    int ahead = page.pageNumber() - nextPageNumber;
    if (!isOurs || ahead < 0 || hasEnd) {
      bytesSkipped += page.length();
      return;
    }
    if (ahead > 0) {
      pagesMissing += ahead;
      isInPacket = false;
    }
    nextPageNumber = page.pageNumber() + 1;
    packets(bytes, listener);
    if (page.granulePosition() >= 0) {
      granulePosition = page.granulePosition();
    }
    hasEnd = page.isLast();
  }

  private int bodyLength() {
    return page.length() - OggPage.HEADER_LENGTH - page.segmentCount();
  }

  private void packets(byte[] bytes, Listener listener) {
    // The rest of a packet whose beginning is missing is left out.
    boolean isWhole = !page.isContinued() || isInPacket;
    if (!page.isContinued()) {
      packetLength = 0;
    }
    int offset = page.bodyOffset();
    for (int i = 0; i < page.segmentCount(); i++) {
      int length = page.segmentLength(i);
      if (isWhole && packetLength + length <= packet.length) {
        System.arraycopy(bytes, offset, packet, packetLength, length);
        packetLength += length;
      } else {
        isWhole = false;
      }
      offset += length;
      isInPacket = length == OggPage.SEGMENT_LENGTH_MAX;
      if (!isInPacket) {
        if (isWhole) {
          onPacket(listener);
        }
        packetLength = 0;
        isWhole = true;
      }
    }
    isInPacket &= isWhole;
  }

  private void onPacket(Listener listener) {
    if (!hasTags) {
      hasTags = true;
      if (OpusTags.isAt(packet, 0, packetLength)) {
        return;
      }
    }
    listener.onPacket(packet, 0, packetLength);
  }

  /** The stream's first packet; null if it is not there. */
  public @Nullable OpusHead head() {
    return head;
  }

  /** What names the stream. */
  public int serial() {
    return serial;
  }

  /** The number that the next page of the stream has. */
  public int nextPageNumber() {
    return nextPageNumber;
  }

  /** Position of the last page, in samples per channel, those to be skipped included. */
  public long granulePosition() {
    return granulePosition;
  }

  /** Samples per channel that a player of the whole stream puts out. */
  public long playedSamples() {
    OpusHead first = head;
    return first == null ? 0 : Math.max(0, granulePosition - first.preSkipSamples());
  }

  /** True if the page was read that says it is the last. */
  public boolean hasEnd() {
    return hasEnd;
  }

  /** Bytes that belong to no page of the stream. */
  public long bytesSkipped() {
    return bytesSkipped;
  }

  /** Pages that by their numbers should have been between others. */
  public int pagesMissing() {
    return pagesMissing;
  }

  @Override
  public String toString() {
    return "OggOpusReader"
        + Arrays.asList(head, granulePosition, hasEnd, bytesSkipped, pagesMissing);
  }
}
