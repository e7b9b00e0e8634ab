package dev.parley.media.ogg;

import java.util.Arrays;

/**
 * Puts one stream of Opus packets on the pages of an Ogg file (RFC 7845). A page holds whole
 * packets only, so that what a broken end leaves of the file can be played. Owned by one thread.
 */
public final class OggOpusWriter {
  private static final int FIRST_CAPACITY = 4 << 10;

  /** A page longer than this is not filled further. */
  private static final int BODY_LENGTH_MAX = 32 << 10;

  private final PageSink sink;
  private final int serial;
  private final int pageSamplesMax;
  private final byte[] segments = new byte[OggPage.SEGMENTS_MAX];
  private byte[] body = new byte[FIRST_CAPACITY];
  private byte[] page = new byte[FIRST_CAPACITY];
  private int segmentCount;
  private int bodyLength;
  private int pageSamples;
  private int pageNumber;
  private long granulePosition;
  private boolean hasEnded;

  private OggOpusWriter(
      PageSink sink, int serial, int pageSamplesMax, int pageNumber, long granulePosition) {
    this.sink = sink;
    this.serial = serial;
    this.pageSamplesMax = pageSamplesMax;
    this.pageNumber = pageNumber;
    this.granulePosition = granulePosition;
  }

  /**
   * Begins a stream, and writes its first two pages.
   *
   * @param serial names the stream among those in one file
   * @param pageSamplesMax samples per channel from which on a page is full
   */
  public static OggOpusWriter begin(
      PageSink sink, int serial, int pageSamplesMax, OpusHead head, OpusTags tags) {
    OggOpusWriter writer = new OggOpusWriter(sink, serial, pageSamplesMax, 0, 0);
    writer.header(head.encode());
    writer.header(tags.encode());
    return writer;
  }

  /**
   * Goes on with a stream that was broken off.
   *
   * @param pageNumber of the page to come
   * @param granulePosition of the last page there is
   */
  public static OggOpusWriter resume(
      PageSink sink, int serial, int pageSamplesMax, int pageNumber, long granulePosition) {
    return new OggOpusWriter(sink, serial, pageSamplesMax, pageNumber, granulePosition);
  }

  private void header(byte[] packet) {
    append(packet, 0, packet.length);
    write(pageNumber == 0 ? OggPage.FIRST_FLAG : 0, 0);
  }

  /**
   * Adds a packet.
   *
   * @param samples per channel at 48 kHz that it decodes to
   */
  public void add(byte[] packet, int offset, int length, int samples) {
    assert !hasEnded : "ended";
    if (segmentCount + segmentsFor(length) > OggPage.SEGMENTS_MAX
        || bodyLength + length > BODY_LENGTH_MAX) {
      flush();
    }
    append(packet, offset, length);
    granulePosition += samples;
    pageSamples += samples;
    if (pageSamples >= pageSamplesMax) {
      flush();
    }
  }

  /** Writes what has been added as a page, however short. */
  public void flush() {
    if (segmentCount > 0) {
      write(0, granulePosition);
    }
  }

  /**
   * Adds the last packet, and ends the stream so that players leave out what is beyond a position
   * (RFC 7845 section 4.4).
   *
   * @param granuleEnd samples per channel, those to be skipped at the start included: within the
   *     last packet
   */
  public void end(byte[] packet, int offset, int length, int samples, long granuleEnd) {
    flush();
    assert granuleEnd >= granulePosition && granuleEnd <= granulePosition + samples : granuleEnd;
    append(packet, offset, length);
    write(OggPage.LAST_FLAG, granuleEnd);
    hasEnded = true;
  }

  /** Samples per channel in all packets so far, those to be skipped at the start included. */
  public long granulePosition() {
    return granulePosition;
  }

  /** Samples per channel that wait for their page to be full. */
  public int pendingSamples() {
    return pageSamples;
  }

  private static int segmentsFor(int length) {
    return length / OggPage.SEGMENT_LENGTH_MAX + 1;
  }

  private void append(byte[] packet, int offset, int length) {
    if (segmentsFor(length) > OggPage.SEGMENTS_MAX) {
      throw new IllegalArgumentException("a packet must fit on a page: " + length);
    }
    if (bodyLength + length > body.length) {
      body = Arrays.copyOf(body, Math.max(2 * body.length, bodyLength + length));
    }
    System.arraycopy(packet, offset, body, bodyLength, length);
    bodyLength += length;
    int left = length;
    while (left >= OggPage.SEGMENT_LENGTH_MAX) {
      segments[segmentCount++] = (byte) OggPage.SEGMENT_LENGTH_MAX;
      left -= OggPage.SEGMENT_LENGTH_MAX;
    }
    segments[segmentCount++] = (byte) left;
  }

  private void write(int flags, long granule) {
    int length = OggPage.HEADER_LENGTH + segmentCount + bodyLength;
    if (length > page.length) {
      page = new byte[Math.max(2 * page.length, length)];
    }
    OggPage.INT.set(page, 0, OggPage.CAPTURE_PATTERN);
    page[4] = 0;
    page[OggPage.FLAGS_OFFSET] = (byte) flags;
    OggPage.LONG.set(page, OggPage.GRANULE_OFFSET, granule);
    OggPage.INT.set(page, OggPage.SERIAL_OFFSET, serial);
    OggPage.INT.set(page, OggPage.PAGE_NUMBER_OFFSET, pageNumber++);
    page[OggPage.SEGMENT_COUNT_OFFSET] = (byte) segmentCount;
    System.arraycopy(segments, 0, page, OggPage.HEADER_LENGTH, segmentCount);
    System.arraycopy(body, 0, page, OggPage.HEADER_LENGTH + segmentCount, bodyLength);
    OggPage.INT.set(page, OggPage.CHECKSUM_OFFSET, OggPage.checksum(page, 0, length));
    segmentCount = 0;
    bodyLength = 0;
    pageSamples = 0;
    sink.onPage(page, length, (flags & OggPage.LAST_FLAG) != 0);
  }
}
