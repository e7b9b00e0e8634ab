package dev.parley.session.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever a server answers is a final status, or no HTTP. */
final class ExchangeFuzzTest {
  @FuzzTest
  void anyAnswerIsAStatusOrNone(byte[] answer) {
    try {
      assertThat(Exchange.status(new ByteArrayInputStream(answer))).isBetween(200, 999);
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }
}
