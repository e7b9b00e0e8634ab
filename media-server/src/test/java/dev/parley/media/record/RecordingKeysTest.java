package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingKeysTest {
  private static final String CONTEXT = "rc_1.eu.2/mix";

  @TempDir Path folder;

  private final SecureRandom random = new SecureRandom();
  private final List<String> asked = new ArrayList<>();

  @Test
  void aRecordingsKeyOpensWhatItWrappedInAnotherProcessToo() throws Exception {
    SpoolKeys.DataKey made = keys((byte) 1).create(CONTEXT);

    assertThat(keys((byte) 1).open(made.wrapped(), CONTEXT)).isEqualTo(made.key());
    assertThat(asked).containsExactly("rc_1.eu", "rc_1.eu");
    assertThatThrownBy(() -> keys((byte) 2).open(made.wrapped(), CONTEXT))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> keys((byte) 1).open(made.wrapped(), "rc_1.eu.2/another"))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void nobodyIsAskedTwiceUntilNothingIsLeftOfTheRecording() throws Exception {
    RecordingKeys keys = keys((byte) 1);
    keys.prepare("rc_1");
    SpoolKeys.DataKey first = keys.create("rc_1.1/mix");
    SpoolKeys.DataKey second = keys.create("rc_1.2/mix");
    assertThat(first.key()).isNotEqualTo(second.key());
    assertThat(asked).containsExactly("rc_1");

    keys.forget("rc_1");
    assertThat(keys.open(first.wrapped(), "rc_1.1/mix")).isEqualTo(first.key());
    assertThat(asked).hasSize(2);
  }

  @Test
  void aKeeperWhoIsAwayIsNoWrongKey() throws Exception {
    SpoolKeys.DataKey made = keys((byte) 1).create(CONTEXT);
    RecordingKeys alone = new RecordingKeys(RecordingKeysTest::away, null, random);

    assertThatThrownBy(() -> alone.open(made.wrapped(), CONTEXT)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> alone.create(CONTEXT)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> alone.prepare("rc_1")).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNoRecordingsNeedsNoKeeper() throws Exception {
    RecordingKeys alone = new RecordingKeys(RecordingKeysTest::away, null, random);

    SpoolKeys.DataKey made = alone.create(".rehearsal/mix");

    assertThat(alone.open(made.wrapped(), ".rehearsal/mix")).isEqualTo(made.key());
  }

  @Test
  void whatAKeyFileWrappedIsOpenedByIt() throws Exception {
    KeyFile file = KeyFile.at(folder.resolve("keys"), random);
    SpoolKeys.DataKey made = file.create(CONTEXT);

    assertThat(
            new RecordingKeys(RecordingKeysTest::away, file, random).open(made.wrapped(), CONTEXT))
        .isEqualTo(made.key());
    assertThatThrownBy(() -> keys((byte) 1).open(made.wrapped(), CONTEXT))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("key file");
  }

  private RecordingKeys keys(byte every) {
    return new RecordingKeys(
        recording -> {
          asked.add(recording);
          byte[] key = new byte[32];
          Arrays.fill(key, every);
          return key;
        },
        null,
        random);
  }

  private static byte[] away(String recording) throws IOException {
    throw new IOException("no link yet");
  }
}
