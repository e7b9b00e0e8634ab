package dev.parley.media.ogg;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An Ogg file of random packets, and what was put into it. */
final class WrittenStream {
  final ByteArrayOutputStream file = new ByteArrayOutputStream();
  final List<byte[]> packets = new ArrayList<>();

  /** Where each page ends in the file, and how many packets are in it by then. */
  final List<int[]> pageEnds = new ArrayList<>();

  final OggOpusWriter writer;
  private final Random random;
  private int packetsOnPages;

  WrittenStream(Random random, OpusHead head) {
    this.random = random;
    writer =
        OggOpusWriter.begin(
            this::onPage, random.nextInt(), 24_000, head, new OpusTags("test", List.of("A=b")));
  }

  private void onPage(byte[] page, int length, boolean isLast) {
    file.write(page, 0, length);
    for (int i = 0; pageEnds.size() > 1 && i < (page[26] & 0xFF); i++) {
      packetsOnPages += (page[27 + i] & 0xFF) < 255 ? 1 : 0;
    }
    pageEnds.add(new int[] {file.size(), packetsOnPages});
  }

  /** Adds packets of 20 ms, of no particular sound, as short and as long as there are. */
  void add(int count) {
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(20) == 0 ? 255 * random.nextInt(5) : random.nextInt(1276);
      byte[] packet = new byte[length + 1];
      random.nextBytes(packet);
      packet[0] = (byte) 0xF8;
      packets.add(packet);
      writer.add(packet, 0, packet.length, 960);
    }
  }

  void end() {
    long granule = writer.granulePosition();
    packets.add(new byte[] {(byte) 0xF8});
    writer.flush();
    writer.end(packets.getLast(), 0, 1, 960, granule + 312);
  }

  byte[] bytes() {
    return file.toByteArray();
  }
}
