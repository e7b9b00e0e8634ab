package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedFileTest {
  @TempDir Path directory;
  private SpoolKeys keys;
  private Path file;
  private final List<byte[]> chunks = new ArrayList<>();
  private final List<Long> ends = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    keys = KeyFile.at(directory.resolve("spool-key"), new SecureRandom());
    file = directory.resolve("a.sealed");
  }

  private void write(Random random, int count, boolean isEnded) throws Exception {
    try (SealedFileWriter writer = SealedFileWriter.create(file, keys, "rec_1/mix")) {
      append(writer, random, count, isEnded);
    }
  }

  private void append(SealedFileWriter writer, Random random, int count, boolean isEnded)
      throws Exception {
    for (int i = 0; i < count; i++) {
      byte[] chunk = new byte[random.nextInt(5000)];
      random.nextBytes(chunk);
      writer.append(chunk, isEnded && i == count - 1);
      chunks.add(chunk);
      ends.add(writer.length());
    }
  }

  private List<byte[]> read(SealedFileReader reader) throws Exception {
    List<byte[]> read = new ArrayList<>();
    byte[] next = reader.next();
    while (next != null) {
      read.add(next);
      next = reader.next();
    }
    return read;
  }

  @Test
  void whatWasSealedIsReadAndNothingOfItIsInTheFile() throws Exception {
    write(new Random(1), 20, true);

    try (SealedFileReader reader = SealedFileReader.open(file, keys, "rec_1/mix")) {
      assertThat(read(reader)).containsExactlyElementsOf(chunks);
      assertThat(reader.isComplete()).isTrue();
    }
    byte[] sealed = Files.readAllBytes(file);
    byte[] plain = Arrays.copyOf(chunks.stream().filter(c -> c.length > 16).findFirst().get(), 16);
    for (int i = 0; i + 16 <= sealed.length; i++) {
      assertThat(Arrays.equals(sealed, i, i + 16, plain, 0, 16)).isFalse();
    }
  }

  @RepeatedTest(40)
  void cutOffAnywhereWhatWasSafeIsReadAndTheFileGoesOn(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    write(random, 1 + random.nextInt(8), random.nextBoolean());
    long length = Files.size(file);
    int cut = random.nextInt((int) length + 1);
    byte[] bytes = Arrays.copyOf(Files.readAllBytes(file), cut);
    // A crash may leave a length with nothing behind it: zeros stand there then.
    byte[] torn = random.nextBoolean() ? bytes : Arrays.copyOf(bytes, cut + random.nextInt(600));
    boolean isWhole = torn.length == cut && cut == length;
    Files.write(file, torn);
    int whole = (int) ends.stream().filter(end -> end <= cut).count();

    long wholeLength;
    long count;
    boolean isComplete;
    try (SealedFileReader reader = SealedFileReader.open(file, keys, "rec_1/mix")) {
      assertThat(read(reader)).containsExactlyElementsOf(chunks.subList(0, whole));
      wholeLength = reader.wholeLength();
      count = reader.chunks();
      isComplete = reader.isComplete();
    }
    assertThat(count).isEqualTo(whole);
    if (isComplete) {
      assertThat(whole).isEqualTo(chunks.size());
      return;
    }
    assertThat(isWhole && cut == length && whole < chunks.size()).isFalse();
    chunks.subList(whole, chunks.size()).clear();
    try (SealedFileWriter writer =
        SealedFileWriter.resume(file, keys, "rec_1/mix", wholeLength, count)) {
      append(writer, random, 3, true);
    }

    try (SealedFileReader reader = SealedFileReader.open(file, keys, "rec_1/mix")) {
      assertThat(read(reader)).containsExactlyElementsOf(chunks);
      assertThat(reader.isComplete()).isTrue();
    }
  }

  @RepeatedTest(20)
  void whatWasTamperedWithEndsTheFile(RepetitionInfo repetition) throws Exception {
    Random random = new Random(1000 + repetition.getCurrentRepetition());
    write(random, 6, true);
    long header = ends.getFirst() - chunks.getFirst().length - 20;
    byte[] bytes = Files.readAllBytes(file);
    int changed = (int) header + random.nextInt((int) (bytes.length - header));
    bytes[changed] ^= (byte) (1 << random.nextInt(8));
    Files.write(file, bytes);
    int whole = (int) ends.stream().filter(end -> end <= changed).count();

    try (SealedFileReader reader = SealedFileReader.open(file, keys, "rec_1/mix")) {
      assertThat(read(reader)).containsExactlyElementsOf(chunks.subList(0, whole));
      assertThat(reader.isComplete()).isFalse();
    }
  }

  @Test
  void chunksCannotBeLeftOutOrExchanged() throws Exception {
    write(new Random(5), 4, true);
    byte[] bytes = Files.readAllBytes(file);
    int first = Math.toIntExact(ends.get(0));
    int second = Math.toIntExact(ends.get(1));
    byte[] without = new byte[bytes.length - (second - first)];
    System.arraycopy(bytes, 0, without, 0, first);
    System.arraycopy(bytes, second, without, first, bytes.length - second);
    Files.write(file, without);

    try (SealedFileReader reader = SealedFileReader.open(file, keys, "rec_1/mix")) {
      assertThat(read(reader)).containsExactly(chunks.getFirst());
      assertThat(reader.isComplete()).isFalse();
    }
  }

  @Test
  void anotherRecordingsFileIsRefused() throws Exception {
    write(new Random(6), 2, true);

    try (SealedFileReader reader = SealedFileReader.open(file, keys, "rec_2/mix")) {
      assertThatThrownBy(() -> read(reader)).isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void aNewKeyBeforeTheOldOneSealsFromThenOn() throws Exception {
    write(new Random(7), 2, false);
    Path keyFile = directory.resolve("spool-key");
    String old = Files.readString(keyFile);
    Files.writeString(keyFile, "k2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" + old);
    SpoolKeys both = KeyFile.at(keyFile, new SecureRandom());
    Files.writeString(keyFile, "k2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    SpoolKeys newOnly = KeyFile.at(keyFile, new SecureRandom());

    try (SealedFileReader reader = SealedFileReader.open(file, both, "rec_1/mix")) {
      assertThat(read(reader)).hasSize(2);
    }
    try (SealedFileReader reader = SealedFileReader.open(file, newOnly, "rec_1/mix")) {
      assertThatThrownBy(() -> read(reader)).hasMessageContaining("k1");
    }
    assertThat(newOnly.open(both.create("c").wrapped(), "c").getEncoded()).hasSize(32);
  }

  @Test
  void aKeyFileIsForItsOwnersEyesAndMustBeWellFormed() throws Exception {
    Path keyFile = directory.resolve("spool-key");
    assertThat(Files.getPosixFilePermissions(keyFile)).hasSize(2);
    Files.writeString(keyFile, "k1 tooshort\n");

    assertThatThrownBy(() -> KeyFile.at(keyFile, new SecureRandom()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1");
  }
}
