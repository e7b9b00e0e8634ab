package dev.parley.media.ogg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.opus.OpusPacket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class OggOpusTest {
  private final List<byte[]> read = new ArrayList<>();

  private OggOpusReader read(byte[] bytes) {
    OggOpusReader reader = new OggOpusReader();
    reader.read(
        bytes,
        0,
        bytes.length,
        (source, offset, length) -> read.add(Arrays.copyOfRange(source, offset, offset + length)));
    return reader;
  }

  @Test
  void checksumIsThatOfRfc3533() {
    // The same polynomial as CRC-32/MPEG-2, but from 0: its check value for "123456789".
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

    assertThat(OggChecksum.update(0, digits, 0, digits.length)).isEqualTo(0x89A1897F);
  }

  @Property(tries = 200)
  void whatWasWrittenIsRead(@ForAll long seed, @ForAll @IntRange(max = 400) int packets) {
    WrittenStream stream = new WrittenStream(new Random(seed), new OpusHead(2, 312));
    stream.add(packets);
    stream.end();
    read.clear();

    OggOpusReader reader = read(stream.bytes());

    assertThat(read).containsExactlyElementsOf(stream.packets);
    assertThat(reader.head()).isEqualTo(new OpusHead(2, 312));
    assertThat(reader.playedSamples()).isEqualTo(960L * packets);
    assertThat(reader.hasEnd()).isTrue();
    assertThat(reader.bytesSkipped()).isZero();
    assertThat(reader.pagesMissing()).isZero();
  }

  @Property(tries = 200)
  void cutOffAnywhereOnlyTheLastPageIsLost(@ForAll long seed) {
    Random random = new Random(seed);
    WrittenStream stream = new WrittenStream(random, new OpusHead(1, 312));
    stream.add(1 + random.nextInt(150));
    stream.end();
    int length = random.nextInt(stream.bytes().length + 1);
    read.clear();

    OggOpusReader reader = read(Arrays.copyOf(stream.bytes(), length));

    int whole = 0;
    for (int[] pageEnd : stream.pageEnds) {
      whole = pageEnd[0] <= length ? pageEnd[1] : whole;
    }
    assertThat(read).containsExactlyElementsOf(stream.packets.subList(0, whole));
    assertThat(reader.granulePosition()).isLessThanOrEqualTo(960L * whole);
  }

  @Property(tries = 200)
  void aDamagedPageTakesNoOtherWithIt(@ForAll long seed) {
    Random random = new Random(seed);
    WrittenStream stream = new WrittenStream(random, new OpusHead(1, 312));
    stream.add(100 + random.nextInt(100));
    stream.end();
    byte[] bytes = stream.bytes();
    int first = stream.pageEnds.get(1)[0];
    int damaged = first + random.nextInt(bytes.length - first);
    bytes[damaged] ^= (byte) (1 + random.nextInt(255));
    read.clear();

    read(bytes);

    int before = 0;
    int after = 0;
    for (int[] pageEnd : stream.pageEnds) {
      if (pageEnd[0] <= damaged) {
        before = pageEnd[1];
      } else {
        after = pageEnd[1];
        break;
      }
    }
    List<byte[]> left = new ArrayList<>(stream.packets.subList(0, before));
    left.addAll(stream.packets.subList(after, stream.packets.size()));
    assertThat(read).containsExactlyElementsOf(left);
  }

  @Test
  void aBrokenOffStreamGoesOn() {
    WrittenStream stream = new WrittenStream(new Random(1), new OpusHead(1, 312));
    stream.add(60);
    stream.writer.flush();
    byte[] begun = stream.bytes();
    OggOpusReader cut = read(begun);
    OggOpusWriter writer =
        OggOpusWriter.resume(
            (page, length, _) -> stream.file.write(page, 0, length),
            cut.serial(),
            24_000,
            cut.nextPageNumber(),
            cut.granulePosition());
    writer.end(new byte[] {(byte) 0xF8}, 0, 1, 960, cut.granulePosition() + 312);
    read.clear();

    OggOpusReader reader = read(stream.bytes());

    assertThat(read).hasSize(61);
    assertThat(reader.hasEnd()).isTrue();
    assertThat(reader.pagesMissing()).isZero();
    assertThat(reader.playedSamples()).isEqualTo(60 * 960);
  }

  @Property(tries = 300)
  void aFillerLastsAsLongAsItSays(
      @ForAll @IntRange(max = 255) int toc,
      @ForAll @IntRange(min = 120, max = 20_000) int samples) {
    FillerPacket filler = new FillerPacket();
    OpusPacket opus = new OpusPacket();
    float[] sound = new float[2 * OpusCodec.PACKET_SAMPLES_MAX];
    int left = samples / 120 * 120;
    int packets = 0;

    try (OpusDecoder decoder = OpusCodec.best().newDecoder(2)) {
      while (left > 0) {
        filler.make(toc, left);
        assertThat(opus.wrap(filler.bytes(), 0, filler.length())).isTrue();
        assertThat(opus.durationSamples()).isEqualTo(filler.samples());
        assertThat(opus.isStereo()).isEqualTo((toc & 4) != 0);
        assertThat(decoder.decode(filler.bytes(), 0, filler.length(), sound, 0))
            .isEqualTo(filler.samples());
        left -= filler.samples();
        packets++;
      }
    }

    assertThat(left).isZero();
    assertThat(packets).isLessThanOrEqualTo(samples / FillerPacket.SAMPLES_MAX + 5);
  }

  @Test
  void aFillerKeepsTheCodecAndItsBand() {
    OpusPacket opus = new OpusPacket();
    OpusPacket like = new OpusPacket();
    for (int configuration = 0; configuration < 32; configuration++) {
      byte[] before = {(byte) (configuration << 3), 1, 2};
      assertThat(like.wrap(before, 0, 3)).isTrue();
      FillerPacket filler = new FillerPacket().make(before[0] & 0xFF, 960);
      assertThat(opus.wrap(filler.bytes(), 0, filler.length())).isTrue();
      assertThat(opus.mode()).isEqualTo(like.mode());
      assertThat(opus.bandwidth()).isEqualTo(like.bandwidth());
      assertThat(filler.samples()).isEqualTo(960);
    }
  }
}
