package dev.parley.session.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.OneTimeUse;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one-time use must be, whoever remembers. */
public abstract class OneTimeUseContract {
  protected abstract OneTimeUse used();

  protected abstract void pause(Duration duration);

  @Test
  void usedIdIsRememberedAsLongAsAsked() {
    assertThat(used().isFirstUse("x", Duration.ofMillis(200))).isTrue();
    assertThat(used().isFirstUse("x", Duration.ofMillis(200))).isFalse();
    pause(Duration.ofMillis(201));
    assertThat(used().isFirstUse("x", Duration.ofMillis(200))).isTrue();
  }

  @Test
  void onlyOneOfManyAtOnceIsFirst() {
    String id = UUID.randomUUID().toString();

    long first =
        IntStream.range(0, 64)
            .parallel()
            .filter(_ -> used().isFirstUse(id, Duration.ofMinutes(1)))
            .count();

    assertThat(first).isEqualTo(1);
  }
}
